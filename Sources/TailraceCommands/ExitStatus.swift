import ArgumentParser

/// What the process's exit code says.
enum ExitStatus: Int32, CaseIterable {
    /// Everything asked for was done; for `serve`: stopped on request with everything durable.
    case success = 0
    /// It failed while running.
    case failure = 1
    /// The command line or the configuration is wrong; nothing was touched.
    case usage = 2
    /// `doctor` found something that keeps a connector from starting.
    case notReady = 3
    /// A stop was forced (second signal, or the shutdown's time was up); the log is consistent.
    case forced = 130

    var code: ExitCode { ExitCode(rawValue) }

    var summary: String {
        switch self {
        case .success: "done, or stopped on request with everything durable"
        case .failure: "failed while running"
        case .usage: "wrong command line or configuration; nothing was touched"
        case .notReady: "doctor found something that keeps a connector from starting"
        case .forced: "the stop was forced (second signal, or its time was up); the log is consistent"
        }
    }
}
