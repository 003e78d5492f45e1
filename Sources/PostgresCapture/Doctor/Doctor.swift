import ChangeModel

/// Looks at a real server and says whether a connector would start there, and what to change where it would not.
public struct Doctor: Sendable {
    public let settings: ConnectionSettings
    /// The connector that is to start; nil checks what every connector needs.
    public let configuration: CaptureConfiguration?

    public init(settings: ConnectionSettings, configuration: CaptureConfiguration? = nil) {
        self.settings = settings
        self.configuration = configuration
    }

    /// Everything that was looked at. Nothing on the server is changed. Blocks: run it on a ``CaptureExecutor``.
    public func examine() -> [Finding] {
        let facts: ServerFacts
        do throws(CaptureError) {
            facts = try ServerFacts.read(settings, configuration: configuration)
        } catch {
            return [
                Finding(
                    check: "connection", severity: .failure, seen: "\(error.code.rawValue): \(error.detail)",
                    remedy: error.remedy.isEmpty ? nil : error.remedy)
            ]
        }
        return Diagnosis(facts: facts, configuration: configuration).findings()
    }
}
