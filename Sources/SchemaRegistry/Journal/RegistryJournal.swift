public import SchemaStore

/// Where a registry keeps its records: the embedded log, or a topic of a Kafka cluster.
///
/// Contract: `append` returns when the records are durable, all of them or none; `read` yields every record appended by
/// anyone, in order. One caller at a time.
public protocol RegistryJournal: Sendable {
    /// Creates the topic where it is not there yet. Blocks.
    func prepare() throws(RegistryJournalError)
    /// The records from `offset` on, and where to go on. Blocks.
    func read(from offset: Int64) throws(RegistryJournalError) -> (records: [RegistryRecord], next: Int64)
    func append(_ records: [RegistryRecord]) async throws(RegistryJournalError)
}

/// The journal cannot be read or written; the text says why.
public struct RegistryJournalError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
