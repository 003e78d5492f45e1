import Avro
import SchemaStore

/// A store with its journal: what is decided is written and applied, as the service does it.
struct RegistryUnderTest {
    var store = RegistryStore()
    private(set) var journal: [(key: String, value: String?)] = []

    static func record(_ fields: String = "", name: String = "R") -> String {
        #"{"type":"record","name":"\#(name)","fields":[\#(fields)]}"#
    }
    static let field = #"{"name":"a","type":"int"}"#
    static let second = #",{"name":"b","type":"string"}"#
    static let secondWithDefault = #",{"name":"b","type":"string","default":""}"#

    mutating func commit(_ records: [RegistryRecord]) {
        for record in records {
            journal.append((record.key.description, record.value?.description))
            store.apply(record)
        }
    }

    @discardableResult
    mutating func register(
        _ subject: String, _ text: String, references: [SchemaReference] = [], id: Int? = nil, version: Int = 0,
        metadata: String? = nil, normalize: Bool = false
    ) throws -> StoredSchema {
        var request = SchemaRequest(text: text, references: references, id: id, version: version)
        request.metadata = try metadata.map { try JSONValue(parsing: $0) }
        let (schema, records) = try store.register(subject, request, normalize: normalize)
        commit(records)
        return schema
    }

    mutating func set(_ level: String, for subject: String? = nil) throws {
        commit(try store.setConfig(subject, try JSONValue(parsing: #"{"compatibility":"\#(level)"}"#)).records)
    }

    mutating func set(mode: String, for subject: String? = nil, isForced: Bool = false) throws {
        commit(try store.setMode(subject, mode, isForced: isForced))
    }

    /// The state that the journal leaves after it was compacted: the newest record of each key, in order.
    func replayed() throws -> RegistryStore {
        var last: [String: Int] = [:]
        for (index, entry) in journal.enumerated() { last[entry.key] = index }
        var store = RegistryStore()
        for (index, entry) in journal.enumerated() where last[entry.key] == index {
            let key = try JSONValue(parsing: entry.key)
            let value = try entry.value.map { try JSONValue(parsing: $0) }
            if let record = try RegistryRecord.parse(key: key, value: value) { store.apply(record) }
        }
        return store
    }
}

/// The code of the error that `body` throws; nil where it throws none.
func code(_ body: () throws -> Void) -> Int? {
    do { try body() } catch { return (error as? RegistryError)?.code ?? -1 }
    return nil
}
