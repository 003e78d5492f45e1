import DebeziumFormat
import Synchronization

/// A registry that accepts every schema, as the one the recordings were made with.
final class RegistryUnderTest: SchemaRegistering {
    private struct State {
        /// The text of each schema; its identifier is its place, counted from 1.
        var schemas: [String] = []
        /// The identifiers of each subject's versions.
        var versions: [String: [Int32]] = [:]
    }

    private let state = Mutex(State())

    func identifier(of request: SchemaRegistration) throws(SchemaRegistrationError) -> Int32 {
        state.withLock { state in
            let known = state.schemas.firstIndex(of: request.schema)
            if known == nil { state.schemas.append(request.schema) }
            let identifier = Int32((known ?? state.schemas.count - 1) + 1)
            if state.versions[request.subject]?.contains(identifier) != true {
                state.versions[request.subject, default: []].append(identifier)
            }
            return identifier
        }
    }

    func schema(_ identifier: Int32) -> String? {
        state.withLock { $0.schemas.indices.contains(Int(identifier) - 1) ? $0.schemas[Int(identifier) - 1] : nil }
    }

    /// The texts registered under each subject, in the order of their versions.
    var subjects: [String: [String]] {
        state.withLock { state in state.versions.mapValues { $0.map { state.schemas[Int($0) - 1] } } }
    }
}
