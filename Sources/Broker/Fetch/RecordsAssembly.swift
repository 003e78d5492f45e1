internal import ByteCoding
internal import CommitLog
internal import KafkaProtocol
internal import NIOCore

/// Puts a fetch's reply together: the encoded message with the records between.
enum RecordsAssembly {
    /// From this size on the kernel copies a file's bytes to the socket; below it reading them is cheaper.
    static let fileRegionByteCountMin = 32 << 10

    /// - Parameter output: the whole frame but for the records; its size, at its start, is set here.
    static func assemble(
        _ output: inout ByteCoding.ByteBuffer, _ splices: [RecordsSplice], _ records: [FetchedRecords],
        usesFileRegions: Bool
    ) throws(StorageError) -> OutboundReply {
        precondition(splices.count == records.count, "every external field has its records")
        let recordByteCount = records.reduce(0) { $0 + $1.byteCount }
        output.replace(bigEndian: Int32(output.count - 4 + recordByteCount), at: 0)
        var parts: [OutboundReply.Part] = []
        let inMemory = usesFileRegions ? min(recordByteCount, fileRegionByteCountMin * 4) : recordByteCount
        var buffer = ByteBufferAllocator().buffer(capacity: output.count + inMemory)
        var at = 0
        for (splice, part) in zip(splices, records) {
            buffer.writeSpan(output.span.extracting(at..<splice.position))
            at = splice.position
            if usesFileRegions, part.byteCount >= fileRegionByteCountMin {
                parts.append(.bytes(buffer))
                parts.append(.records(part))
                buffer = ByteBufferAllocator().buffer(capacity: 256)
            } else {
                try append(part, to: &buffer)
            }
        }
        buffer.writeSpan(output.span.extracting(at..<output.count))
        if buffer.readableBytes > 0 { parts.append(.bytes(buffer)) }
        return OutboundReply(parts: parts)
    }

    static func append(
        _ records: FetchedRecords, to buffer: inout NIOCore.ByteBuffer
    ) throws(StorageError) {
        var bytes = ByteCoding.ByteBuffer(capacity: records.byteCount)
        try records.slice.read(into: &bytes)
        guard bytes.count == records.byteCount else {
            throw StorageError(.corrupt, "a segment is shorter than what was committed to it")
        }
        buffer.writeSpan(bytes.span)
    }
}
