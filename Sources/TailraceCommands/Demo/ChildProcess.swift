import Glibc

/// Starts programs without a shell. (Foundation's `Process` takes a child for running while its own children live,
/// which is for ever with a program that leaves a server behind.)
enum ChildProcess {
    struct Failure: Error, CustomStringConvertible {
        let program: String
        let code: Int32
        var description: String { "'\(program)' cannot be started: \(String(cString: strerror(code)))" }
    }

    /// - Parameters:
    ///   - words: the program's path and its arguments.
    ///   - input: becomes standard input; nil is empty input.
    ///   - output: a file that takes both outputs; nil throws them away.
    static func start(_ words: [String], input: Int32? = nil, output: String? = nil) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, words[0], &actions, nil, arguments, environ)
        guard code == 0 else { throw Failure(program: words[0], code: code) }
        return pid
    }

    /// Blocks until the program has ended.
    /// - Returns: its exit code, or 128 and the signal that ended it.
    static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 { if errno != EINTR { return -1 } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    }
}
