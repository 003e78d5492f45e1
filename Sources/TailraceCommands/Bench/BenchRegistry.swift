import DebeziumFormat
import Synchronization

/// Numbers the schemas it is asked for: what a registry costs is not measured.
final class BenchRegistry: SchemaRegistering {
    private let identifiers = Mutex<[SchemaRegistration: Int32]>([:])

    func identifier(of request: SchemaRegistration) throws(SchemaRegistrationError) -> Int32 {
        identifiers.withLock { known in
            if let identifier = known[request] { return identifier }
            let identifier = Int32(known.count + 1)
            known[request] = identifier
            return identifier
        }
    }
}
