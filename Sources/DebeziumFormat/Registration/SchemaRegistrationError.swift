/// The registry gave no identifier.
public struct SchemaRegistrationError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// No answer, or one that says to come again: the same request may succeed later.
        case unavailable = "TR-REGISTRY-UNAVAILABLE"
        /// The schema breaks the subject's compatibility rules.
        case incompatible = "TR-REGISTRY-INCOMPATIBLE"
        /// The schema is not there and must not be registered (`auto.register.schemas=false`).
        case missing = "TR-REGISTRY-MISSING"
        /// Refused for another reason: rights, the subject's mode, a schema that the registry cannot read.
        case refused = "TR-REGISTRY-REFUSED"
    }

    public let code: Code
    public let subject: String
    /// The version that stands against the schema, where the registry names one.
    public let version: Int?
    /// What the registry answered.
    public let detail: String

    public init(code: Code, subject: String, version: Int? = nil, detail: String) {
        self.code = code
        self.subject = subject
        self.version = version
        self.detail = detail
    }

    public var description: String {
        let against = version.map { ", version \($0)" } ?? ""
        return "\(code.rawValue): subject '\(subject)'\(against): \(detail); \(remedy)"
    }

    /// What to do.
    public var remedy: String {
        switch code {
        case .unavailable: "capture waits with its position kept and asks again"
        case .incompatible:
            "change the table so that the schemas are compatible, or set the subject's compatibility level to one that "
                + "allows the change (NONE allows all), and start the connector again"
        case .missing: "register the schema under the subject, or set auto.register.schemas=true"
        case .refused: "check the registry's rights and mode for the subject, and start the connector again"
        }
    }
}
