internal import ByteCoding
internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol

/// Finds the newest record of a key in a compacted partition, from its end: segment by segment, the newest first.
struct StateLookup {
    let view: PartitionView<PosixFileSystem>
    let codec: any BatchCodec

    /// - Returns: nil where there is no record of the key, or the newest one is a tombstone.
    func newestValue(ofKey key: [UInt8]) throws(StorageError) -> [UInt8]? {
        var end = view.latestOffset
        for base in view.segmentBaseOffsets.reversed() {
            let start = max(base, view.earliestOffset)
            if let found = try newestValue(ofKey: key, from: start, to: end) { return found.value }
            end = min(end, start)
        }
        return nil
    }

    private func newestValue(
        ofKey key: [UInt8], from start: Offset, to end: Offset
    ) throws(StorageError) -> (value: [UInt8]?, Void)? {
        var found: (value: [UInt8]?, Void)?
        var offset = start
        while offset < end {
            let slice = try view.read(from: offset, byteCountMax: 1 << 20)
            guard slice.nextOffset > offset else { break }
            do {
                try RecordBatches.forEachRecord(in: slice.bytes.span, codec: codec) { record in
                    if record.hasKey, Self.isEqual(record.key, key), record.offset < end {
                        found = (record.hasValue ? record.value.array() : nil, ())
                    }
                }
            } catch {
                throw StorageError(
                    .corrupt, "a state record at offset \(offset) of \(view.id) cannot be read: \(error)")
            }
            offset = slice.nextOffset
        }
        return found
    }

    private static func isEqual(_ a: Span<UInt8>, _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        for index in a.indices where a[index] != b[index] { return false }
        return true
    }
}

extension Span<UInt8> {
    /// A copy.
    func array() -> [UInt8] { withUnsafeBufferPointer { Array($0) } }
}
