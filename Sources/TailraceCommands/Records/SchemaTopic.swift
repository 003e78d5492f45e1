import Avro
import ChangeModel
import RecordTransport

/// The schemas of the embedded registry, read from its topic in the log: `tail` needs no running registry for them.
actor SchemaTopic<Reader: RecordReader>: SchemaTextSource {
    private let reader: Reader
    private var next = Offset.zero
    private var texts: [Int32: String] = [:]

    init(_ reader: Reader) { self.reader = reader }

    func schemaText(_ identifier: Int32) async throws -> String? {
        if let text = texts[identifier] { return text }
        try await readOn()
        return texts[identifier]
    }

    private func readOn() async throws {
        let partition = TopicPartition(topic: "_schemas", partition: 0)
        guard try await reader.topics().contains(where: { $0.name == partition.topic }) else { return }
        let range = try await reader.offsets(of: partition)
        next = max(next, range.lowerBound)
        while next < range.upperBound {
            let fetched = try await reader.read(from: next, in: partition, byteCountMax: 1 << 20, maxWait: .zero)
            for record in try fetched.records() { take(record.value) }
            guard fetched.nextOffset > next else { return }
            next = fetched.nextOffset
        }
    }

    /// Deleted versions count too: records that were written with them remain.
    private func take(_ value: [UInt8]?) {
        guard let value, let json = try? JSONValue(parsing: value), let id = json["id"]?.integer,
            let text = json["schema"]?.text, (json["schemaType"]?.text ?? "AVRO") == "AVRO"
        else { return }
        texts[Int32(truncatingIfNeeded: id)] = text
    }
}
