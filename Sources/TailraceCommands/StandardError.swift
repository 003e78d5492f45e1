import ArgumentParser
import Foundation

/// Messages for people and supervisors, on standard error, each line with the program's name.
enum StandardError {
    static func error(_ message: String) { write("tailrace: error: \(message)\n") }
    static func warning(_ message: String) { write("tailrace: warning: \(message)\n") }
    static func note(_ message: String) { write("tailrace: \(message)\n") }

    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// Prints all configuration errors and ends with the code for them.
    static func exit(_ errors: ConfigurationFile.Errors) -> ExitCode {
        for message in errors.messages { error(message) }
        return ExitStatus.usage.code
    }
}
