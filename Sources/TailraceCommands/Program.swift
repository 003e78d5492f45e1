import ArgumentParser
import Glibc

/// The program's entry.
public enum Program {
    /// Runs the command that the arguments name, and ends the process with its exit code.
    public static func main() async {
        do {
            var command = try Tailrace.parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch {
            // ArgumentParser's own code for a wrong command line is 64; ours is the one for wrong configurations too.
            guard Tailrace.exitCode(for: error) == .validationFailure else { Tailrace.exit(withError: error) }
            StandardError.write(Tailrace.fullMessage(for: error) + "\n")
            exit(ExitStatus.usage.rawValue)
        }
    }
}
