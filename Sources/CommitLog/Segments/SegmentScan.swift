internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol

/// Walks through a segment's batches and checks each one.
enum SegmentScan {
    /// - Parameters:
    ///   - start: where the first batch stands, in bytes.
    ///   - limit: where to stop at the latest, in bytes.
    ///   - first: the base offset that the first batch must have; each next one must follow without a gap.
    ///   - allowsGaps: for compacted segments, where each batch need only be behind the one before.
    ///   - body: gets each valid batch's header, position and bytes.
    /// - Returns: the end of the last valid batch.
    static func run<File: StorageFile, Failure: Error>(
        _ file: File, from start: Int64 = 0, limit: Int64, first: Offset, allowsGaps: Bool = false,
        _ body: (RecordBatchHeader, Int64, Span<UInt8>) throws(Failure) -> Void
    ) throws -> Int64 {
        var buffer = ByteBuffer(capacity: 16)
        var bufferStart: Int64 = 0
        var position = start
        var expected = first
        func need(_ count: Int) throws(StorageError) -> Bool {
            guard position + Int64(count) <= limit else { return false }
            if position + Int64(count) <= bufferStart + Int64(buffer.count) { return true }
            buffer.removeAll()
            bufferStart = position
            try file.read(at: position, count: Int(min(limit - position, Int64(max(count, 1 << 20)))), into: &buffer)
            return buffer.count >= count
        }
        while try need(RecordBatchHeader.byteCount) {
            let at = Int(position - bufferStart)
            guard let header = try? RecordBatchHeader(parsing: buffer.span.extracting(at..<buffer.count)),
                header.baseOffset == expected || (allowsGaps && header.baseOffset > expected),
                try need(header.totalByteCount)
            else { break }
            let begin = Int(position - bufferStart)
            guard
                (try? RecordBatchHeader.validate(buffer.span.extracting(begin..<begin + header.totalByteCount))) != nil
            else { break }
            try body(header, position, buffer.span.extracting(begin..<begin + header.totalByteCount))
            position += Int64(header.totalByteCount)
            expected = header.lastOffset.advanced(by: 1)
        }
        return position
    }
}
