/// Whether the process works: what `/healthz` and `/readyz` answer.
public struct HealthReport: Sendable, Equatable {
    public struct Check: Sendable, Equatable {
        /// What was checked: `connector/shop`, `log/disk`.
        public var name: String
        public var isPassing: Bool
        /// What was seen, for people.
        public var detail: String

        public init(name: String, isPassing: Bool, detail: String) {
            self.name = name
            self.isPassing = isPassing
            self.detail = detail
        }
    }

    public var checks: [Check]
    public init(checks: [Check]) { self.checks = checks }
    public var isPassing: Bool { checks.allSatisfy(\.isPassing) }

    /// One line a check: `ok connector/shop streaming` or `failing log/disk …`, and a last line with the verdict.
    public var text: String {
        let lines = checks.map { "\($0.isPassing ? "ok" : "failing") \($0.name) \($0.detail)\n" }
        return lines.joined() + (isPassing ? "ok\n" : "failing\n")
    }
}
