/// Why the source could not be read: a code, the facts that were seen, and what to do about it.
///
/// Texts hold names, counts, positions and settings, never row values, keys or passwords.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The server refused the user, the password, the certificate or the client's address.
        case authentication = "TR-PG-AUTHENTICATION"
        /// No server answered, or it is starting up or shutting down.
        case unreachable = "TR-PG-UNREACHABLE"
        /// An open connection broke.
        case connectionLost = "TR-PG-CONNECTION-LOST"
        /// The connection needs TLS and could not have it as asked.
        case tls = "TR-PG-TLS"
        case databaseMissing = "TR-PG-DATABASE-MISSING"
        case insufficientPrivilege = "TR-PG-PRIVILEGE"
        /// The server is older than the feature or than Tailrace's minimum.
        case unsupportedServer = "TR-PG-SERVER-VERSION"
        case walLevel = "TR-PG-WAL-LEVEL"
        /// No free slot, sender or connection.
        case limitReached = "TR-PG-LIMIT"
        case slotMissing = "TR-PG-SLOT-MISSING"
        /// Another process reads from the slot.
        case slotInUse = "TR-PG-SLOT-IN-USE"
        /// The slot exists and is of another plugin, database or kind.
        case slotMismatch = "TR-PG-SLOT-MISMATCH"
        /// The server removed WAL that the slot needed.
        case slotInvalidated = "TR-PG-SLOT-INVALIDATED"
        /// The slot confirmed more than the log holds: changes in between are gone.
        case slotAhead = "TR-PG-SLOT-AHEAD"
        /// The stored position is of another server, or of a history this server does not have.
        case sourceChanged = "TR-PG-SOURCE-CHANGED"
        case publicationMissing = "TR-PG-PUBLICATION-MISSING"
        case tableMissing = "TR-PG-TABLE-MISSING"
        /// A setting does not fit this server or this database.
        case invalidConfiguration = "TR-PG-CONFIGURATION"
        /// The server sent what its protocol does not allow.
        case protocolViolation = "TR-PG-PROTOCOL"
        /// A statement failed for a reason without a code of its own; see the SQLSTATE.
        case queryFailed = "TR-PG-QUERY"
        /// A wait reached its deadline.
        case timeout = "TR-PG-TIMEOUT"
        /// The stored state cannot be read.
        case invalidState = "TR-PG-STATE"
        /// A change could not be made into an event.
        case encoding = "TR-PG-ENCODING"
        /// The schema registry did not answer; capture waits for it with its position kept.
        case registryUnavailable = "TR-PG-REGISTRY-UNAVAILABLE"
        /// The schema registry refused a schema.
        case registryRefused = "TR-PG-REGISTRY-REFUSED"
        /// A transaction could not be kept on disk until its end.
        case spill = "TR-PG-SPILL"
        /// The log refused the events.
        case log = "TR-PG-LOG"
        /// The work was cancelled; no failure.
        case cancelled = "TR-PG-CANCELLED"
    }

    public var code: Code
    /// What was seen.
    public var detail: String
    /// What to do; the exact statement or parameter line where there is one.
    public var remedy: String
    /// The server's five-character code, where the server said one.
    public var sqlState: String?
    /// The log may take the events later: its disk was full, or it failed.
    var isLogRetryable = false

    public init(code: Code, detail: String, remedy: String = "", sqlState: String? = nil) {
        self.code = code
        self.detail = detail
        self.remedy = remedy
        self.sqlState = sqlState
    }

    public var description: String {
        let state = sqlState.map { " (SQLSTATE \($0))" } ?? ""
        return "\(code.rawValue): \(detail)\(state)" + (remedy.isEmpty ? "" : ". \(remedy)")
    }

    /// True where the same attempt may succeed later without anyone changing anything. Unknown means stop and tell.
    public var isRetryable: Bool {
        switch code {
        case .unreachable, .connectionLost, .limitReached, .slotInUse, .timeout, .spill, .registryUnavailable: true
        case .queryFailed: CaptureError.transientStates.contains(sqlState ?? "")
        case .log: isLogRetryable
        default: false
        }
    }

    /// Serialization failure, deadlock, lock not available, cancelled by the server, out of memory or disk.
    static let transientStates: Set<String> = ["40001", "40P01", "55P03", "57014", "53200", "53100"]
}
