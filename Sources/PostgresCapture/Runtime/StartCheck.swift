import Logging

/// What the doctor says of the server, asked by a connector before it changes anything there.
///
/// Stops what cannot work, with every statement that mends it at once; tells the rest in the log and goes on. What only
/// the server can decide (a limit that frees up, a slot in use) is left to the attempt, which waits for it.
struct StartCheck {
    let configuration: CaptureConfiguration
    /// Whether the log has a position of this source: its tables have been read then.
    let hasPosition: Bool
    let logger: Logger

    /// - Throws: the code of the first finding that stops the connector, or why there is no connection.
    func run(_ interrupt: Interrupt) throws(CaptureError) {
        let connection = try PostgresConnection(configuration.connection, for: .catalog, interrupt: interrupt)
        defer { connection.close() }
        let facts: ServerFacts
        do throws(CaptureError) {
            facts = try ServerFacts.read(from: connection, configuration: configuration)
        } catch {
            // A server that does not let us look may still let us work.
            guard [.queryFailed, .insufficientPrivilege, .tableMissing].contains(error.code) else { throw error }
            logger.warning("the server could not be examined", metadata: ["error": "\(error)"])
            return
        }
        let findings = Diagnosis(facts: facts, configuration: configuration).findings()
        let stopping = findings.filter { stops($0, facts) }
        for finding in findings where finding.severity != .good && finding.check != "slot" {
            guard !stopping.contains(finding) else { continue }
            logger.notice(
                "advice",
                metadata: [
                    "check": "\(finding.check)", "seen": "\(finding.seen)", "remedy": "\(finding.remedy ?? "")",
                ])
        }
        if let error = Self.error(stopping) { throw error }
    }

    private func stops(_ finding: Finding, _ facts: ServerFacts) -> Bool {
        guard finding.severity == .failure else { return false }
        // Managed servers have rules of their own for who may do what.
        let isManaged = facts.isRDS || facts.isAurora
        switch finding.check {
        case "version", "wal-level": return true
        case "role": return !isManaged
        case "publication": return !isManaged && configuration.snapshot.streams
        case "table-privileges": return !hasPosition
        default: return false
        }
    }

    /// All of them in one error, which has the code of the first.
    static func error(_ findings: [Finding]) -> CaptureError? {
        guard let first = findings.first else { return nil }
        let shown = findings.prefix(3)
        let rest = findings.count > shown.count ? "; and \(findings.count - shown.count) more" : ""
        return CaptureError(
            code: first.code ?? .invalidConfiguration, detail: shown.map(\.seen).joined(separator: "; ") + rest,
            remedy: shown.compactMap(\.remedy).joined(separator: " "))
    }
}
