internal import ByteCoding
internal import ChangeModel

/// A partition's producers in a file, `<offset>.snapshot`: as they were when `offset` was the next to be written.
///
/// Kafka's format, version 1, big-endian: version int16 · crc uint32 (CRC-32C of what follows) · count int32, then
///
///     producer id int64 · epoch int16 · last sequence int32 · last offset int64 · offset delta int32
///     timestamp int64 · coordinator epoch int32 · current transaction's first offset int64 (-1 for none)
///
/// Kafka writes one entry a producer, its last batch. We write one for each of the batches that we remember, the newest
/// last: Kafka's readers take the last entry of a producer, and ours recognise all of them again after a restart. A
/// producer without a batch has one entry with sequence -1 and offset -1. Another version is refused.
enum ProducerSnapshot {
    static let version: Int16 = 1
    private static let entryByteCount = 46

    static func path(_ folder: String, _ offset: Offset) -> String {
        let digits = String(offset.rawValue)
        return folder + "/" + String(repeating: "0", count: max(0, 20 - digits.count)) + digits + ".snapshot"
    }

    /// The offsets of the snapshots in a folder, ascending.
    static func offsets(in folder: String, files: some FileSystem) throws(StorageError) -> [Offset] {
        try files.names(in: folder).compactMap { name in
            name.hasSuffix(".snapshot") && name.utf8.count == 29
                ? Int64(name.dropLast(9)).map(Offset.init(rawValue:)) : nil
        }.sorted()
    }

    static func encode(_ table: ProducerTable) -> [UInt8] {
        var bytes = ByteBuffer()
        bytes.append(bigEndian: version)
        bytes.append(bigEndian: UInt32(0))
        bytes.append(bigEndian: Int32(0))
        var count: Int32 = 0
        for (id, state) in table.states.sorted(by: { $0.key < $1.key }) {
            let none = ProducedBatch(lastSequence: -1, lastOffset: Offset(rawValue: -1), offsetDelta: 0)
            for batch in state.batches.isEmpty ? [none] : state.batches {
                bytes.append(bigEndian: id)
                bytes.append(bigEndian: state.epoch)
                bytes.append(bigEndian: batch.lastSequence)
                bytes.append(bigEndian: batch.lastOffset.rawValue)
                bytes.append(bigEndian: batch.offsetDelta)
                bytes.append(bigEndian: state.lastTimestamp)
                bytes.append(bigEndian: state.coordinatorEpoch)
                bytes.append(bigEndian: state.transactionStart?.rawValue ?? -1)
                count += 1
            }
        }
        bytes.replace(bigEndian: count, at: 6)
        bytes.replace(bigEndian: CRC32C.checksum(bytes.span.extracting(6..<bytes.count)), at: 2)
        return bytes.array()
    }

    /// - Throws: ``StorageError/Code/corrupt``, ``StorageError/Code/unsupportedVersion``.
    static func decode(_ content: [UInt8], path: String) throws(StorageError) -> ProducerTable {
        var table = ProducerTable()
        do {
            var reader = ByteReader(content.span)
            let found = try reader.read(Int16.self)
            guard found == version else {
                throw StorageError(
                    .unsupportedVersion, "'\(path)' has version \(found), this program reads \(version)")
            }
            let crc = try reader.read(UInt32.self)
            guard CRC32C.checksum(content.span.extracting(6..<content.count)) == crc else {
                throw DecodeError.malformed("a producer snapshot whose CRC-32C does not match")
            }
            let count = try reader.read(Int32.self)
            guard count >= 0, Int(count) * entryByteCount <= reader.remaining else {
                throw DecodeError.malformed("a producer snapshot that is cut short")
            }
            for _ in 0..<count {
                let id = try reader.read(Int64.self)
                let epoch = try reader.read(Int16.self)
                let batch = ProducedBatch(
                    lastSequence: try reader.read(Int32.self),
                    lastOffset: Offset(rawValue: try reader.read(Int64.self)),
                    offsetDelta: try reader.read(Int32.self))
                var state = ProducerState(epoch: epoch, lastTimestamp: try reader.read(Int64.self))
                state.coordinatorEpoch = try reader.read(Int32.self)
                let start = try reader.read(Int64.self)
                state.transactionStart = start >= 0 ? Offset(rawValue: start) : nil
                if batch.lastOffset.rawValue >= 0 { state.batches = [batch] }
                table.restore(id, state)
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.corrupt, "'\(path)' is damaged: \(error)")
        }
        return table
    }
}
