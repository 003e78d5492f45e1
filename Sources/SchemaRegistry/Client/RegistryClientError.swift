public import SchemaStore

/// Why a registry did not do what was asked of it.
public enum RegistryClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The registry said no: its code and its sentence.
    case refused(RegistryError)
    /// No registry answered, or none with sense; the text names the address and what was seen.
    case unreachable(String)
    case malformedAnswer(String)
    case invalidSettings(String)

    public var description: String {
        switch self {
        case .refused(let error): "the schema registry refused it (\(error.code)): \(error.message)"
        case .unreachable(let what): "no schema registry answers: \(what); check 'schema.registry.url'"
        case .malformedAnswer(let what): "the schema registry's answer makes no sense: \(what)"
        case .invalidSettings(let what): what
        }
    }

    /// Whether it may work later without a change to anything here.
    public var isRetriable: Bool {
        switch self {
        case .refused(let error): error.status == 429 || error.status >= 500
        case .unreachable: true
        case .malformedAnswer, .invalidSettings: false
        }
    }
}
