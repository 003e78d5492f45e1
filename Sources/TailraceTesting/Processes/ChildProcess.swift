import Foundation
public import Glibc
import Synchronization

/// A program run as a child, its output kept in files so that nobody has to read along.
///
/// Any thread may use it. A child that still runs when the value goes is killed.
public final class ChildProcess: Sendable {
    /// How a child ended.
    public enum Exit: Sendable, Equatable {
        case code(Int32)
        case signal(Int32)
    }

    public let processID: pid_t
    private let directory: TemporaryDirectory
    private let exit = Mutex<Exit?>(nil)

    /// Held while a child is started, and while a descriptor is made that no child may inherit.
    static let spawning = Mutex(())

    /// Starts `program` with `arguments` in a session of its own.
    /// - Parameters:
    ///   - environment: added to ours; an empty value removes the variable.
    ///   - input: what the child reads as standard input.
    /// - Throws: ``FixtureError`` when the program cannot be started.
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], input: String = "",
        workingDirectory: String? = nil
    ) throws {
        directory = try TemporaryDirectory(prefix: "tailrace-child")
        let inputPath = directory.file("stdin")
        try Data(input.utf8).write(to: URL(fileURLWithPath: inputPath))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0)
        for (descriptor, name) in [(Int32(1), "stdout"), (2, "stderr")] {
            posix_spawn_file_actions_addopen(
                &actions, descriptor, directory.file(name), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of the cooperative pool block signals, and a child would inherit that: it could not be stopped.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | 0x80  // 0x80: POSIX_SPAWN_SETSID
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var variables = ProcessInfo.processInfo.environment
        for (name, value) in environment { variables[name] = value.isEmpty ? nil : value }
        let prefix = workingDirectory.map { ["env", "-C", $0, program] } ?? [program]
        var argv = (prefix + arguments).map { strdup($0) } + [nil]
        var envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var child = pid_t()
        let code = Self.spawning.withLock { _ in
            Self.keepDescriptors()
            return posix_spawnp(&child, prefix[0], &actions, &attributes, &argv, &envp)
        }
        guard code == 0 else { throw FixtureError("cannot start \(program): \(String(cString: strerror(code)))") }
        processID = child
    }

    /// Marks all open files of this process but the standard ones as its own. A socket that a child inherited, and not
    /// every library marks its sockets, would stay open when its owner closes it.
    static func keepDescriptors() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let descriptor = Int32(name), descriptor > 2 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        }
    }

    deinit {
        guard poll() == nil else { return }
        kill(processID, SIGKILL)
        var status: Int32 = 0
        waitpid(processID, &status, 0)
    }

    /// Everything the child has written to standard output so far.
    public var output: String { text("stdout") }
    /// Everything the child has written to standard error so far.
    public var errorOutput: String { text("stderr") }

    private func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: directory.file(name)) ?? Data(), as: UTF8.self)
    }

    /// How the child ended, or nil while it runs.
    public func poll() -> Exit? {
        exit.withLock { exit in
            if exit == nil {
                var status: Int32 = 0
                let reaped = waitpid(processID, &status, WNOHANG)
                if reaped == processID {
                    exit = status & 0x7F == 0 ? .code(status >> 8 & 0xFF) : .signal(status & 0x7F)
                } else if reaped < 0, errno == ECHILD {
                    exit = .code(-1)
                }
            }
            return exit
        }
    }

    /// Sends `number` (SIGTERM, SIGKILL, SIGSTOP, SIGCONT, …) unless the child has ended.
    public func signal(_ number: Int32) {
        guard poll() == nil else { return }
        kill(processID, number)
    }

    /// Waits for the end.
    /// - Throws: ``FixtureError`` after `deadline`, with the end of what the child wrote to standard error.
    @discardableResult
    public func waitForExit(within deadline: Duration = .seconds(120)) async throws -> Exit {
        try await eventually("process \(processID) ends; it wrote: \(errorOutput.suffix(2000))", within: deadline) {
            poll() != nil
        }
        return poll() ?? .code(-1)
    }

    /// Kills the child and waits until it is gone.
    public func killAndWait() async throws {
        signal(SIGKILL)
        try await waitForExit()
    }

    /// Waits until the output or the error output contains `text`.
    /// - Throws: ``FixtureError`` after `deadline` or when the child ended without.
    public func waitForOutput(_ text: String, within deadline: Duration = .seconds(120)) async throws {
        try await eventually("'\(text)' is written; so far: \(errorOutput.suffix(2000))", within: deadline) {
            let ended = poll()
            if output.contains(text) || errorOutput.contains(text) { return true }
            if let ended { throw FixtureError("ended with \(ended) before '\(text)': \(errorOutput.suffix(2000))") }
            return false
        }
    }

    /// Runs a program to its end.
    /// - Throws: ``FixtureError`` when it cannot start or does not end in time; a non-zero exit is a result.
    public static func run(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], input: String = "",
        workingDirectory: String? = nil, within deadline: Duration = .seconds(120)
    ) async throws -> (exit: Exit, output: String, errorOutput: String) {
        let child = try ChildProcess(
            program, arguments, environment: environment, input: input, workingDirectory: workingDirectory)
        let exit = try await child.waitForExit(within: deadline)
        return (exit, child.output, child.errorOutput)
    }
}
