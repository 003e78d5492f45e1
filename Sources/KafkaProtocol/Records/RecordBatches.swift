internal import ByteCoding

/// Whole batches one after another, as a fetch returns them.
public enum RecordBatches {
    /// A batch may decompress to this much; what claims more is refused.
    public static let plainByteCountMax = 1 << 30

    /// Calls `body` with each record in order, leaving out transactions' markers.
    /// - Throws: what `body` throws, ``DecodeError`` or ``CompressionError``; a batch that is cut short at the end is an
    ///   error.
    public static func forEachRecord(
        in bytes: Span<UInt8>, codec: any BatchCodec, _ body: (borrowing RecordView) throws -> Void
    ) throws {
        var plain = ByteBuffer(capacity: 16)
        var at = 0
        while at < bytes.count {
            let header = try RecordBatchHeader(parsing: bytes.extracting(at..<bytes.count))
            guard header.totalByteCount <= bytes.count - at else {
                throw DecodeError.truncated(needed: header.totalByteCount, available: bytes.count - at)
            }
            let batch = bytes.extracting(at..<at + header.totalByteCount)
            at += header.totalByteCount
            _ = try RecordBatchHeader.validate(batch)
            if header.isControl { continue }
            guard let type = header.compression else { throw DecodeError.malformed("a codec that is not known") }
            let section = batch.extracting(RecordBatchHeader.byteCount..<batch.count)
            if type == .none {
                try step(section, header, body)
            } else {
                plain.removeAll()
                try codec.decompress(section, as: type, into: &plain, byteCountMax: plainByteCountMax)
                try step(plain.span, header, body)
            }
        }
    }

    private static func step(
        _ records: Span<UInt8>, _ header: RecordBatchHeader, _ body: (borrowing RecordView) throws -> Void
    ) throws {
        var cursor = RecordCursor(records: records, of: header)
        while let record = try cursor.next() { try body(record) }
    }
}
