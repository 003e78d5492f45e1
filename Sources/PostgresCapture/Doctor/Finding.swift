/// One thing the doctor looked at.
public struct Finding: Sendable, Equatable {
    public enum Severity: String, Sendable, CaseIterable {
        /// As it should be.
        case good
        /// A connector would start; something is worth knowing or mending.
        case warning
        /// A connector would not start, or could not do its work.
        case failure
    }

    /// Stable, for programs: `wal-level`.
    public let check: String
    public let severity: Severity
    /// What was seen: names, values and counts.
    public let seen: String
    /// The exact statement or parameter line that mends it; nil when there is nothing to mend.
    public let remedy: String?

    public init(check: String, severity: Severity, seen: String, remedy: String? = nil) {
        self.check = check
        self.severity = severity
        self.seen = seen
        self.remedy = remedy
    }
}
