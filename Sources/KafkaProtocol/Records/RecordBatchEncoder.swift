public import ByteCoding
public import ChangeModel

/// Turns gathered records into a whole batch: header, codec, checksum.
public enum RecordBatchEncoder {
    /// Appends the batch of `builder`'s records, which must not be empty, with base offset 0: the log sets the true one
    /// with ``setBaseOffset(_:in:at:)`` when it is known, which leaves the checksum valid.
    /// - Parameters:
    ///   - codec: used for every type but `.none`.
    ///   - producerID: of the transaction that the records are part of; nil outside of one.
    /// - Returns: how many bytes were appended.
    @discardableResult
    public static func encode(
        _ builder: RecordBatchBuilder, as type: CompressionType, codec: any BatchCodec, producerID: Int64? = nil,
        producerEpoch: Int16? = nil, into output: inout ByteBuffer
    ) throws(CompressionError) -> Int {
        precondition(builder.recordCount > 0, "a batch has at least one record")
        let start = output.count
        appendHeader(
            attributes: Int16(type.rawValue) | (producerID == nil ? 0 : 16), lastOffsetDelta: builder.recordCount - 1,
            baseTimestamp: builder.baseTimestamp, maxTimestamp: builder.maxTimestamp,
            recordCount: builder.recordCount, producerID: producerID ?? -1, producerEpoch: producerEpoch ?? -1,
            into: &output)
        try builder.withRecords { records throws(CompressionError) in
            if type == .none {
                output.append(records)
            } else {
                try codec.compress(records, as: type, into: &output)
            }
        }
        seal(&output, from: start)
        return output.count - start
    }

    /// Sets the base offset of the batch that begins at `start`.
    public static func setBaseOffset(_ offset: Offset, in output: inout ByteBuffer, at start: Int) {
        output.replace(bigEndian: offset.rawValue, at: start)
    }

    static func appendHeader(
        attributes: Int16, lastOffsetDelta: Int32, baseTimestamp: Int64, maxTimestamp: Int64, recordCount: Int32,
        producerID: Int64 = -1, producerEpoch: Int16 = -1, baseSequence: Int32 = -1, leaderEpoch: Int32 = 0,
        into output: inout ByteBuffer
    ) {
        output.append(bigEndian: Int64(0))
        output.append(bigEndian: Int32(0))  // the length, set by `seal`
        output.append(bigEndian: leaderEpoch)
        output.append(bigEndian: Int8(2))
        output.append(bigEndian: UInt32(0))  // the CRC, set by `seal`
        output.append(bigEndian: attributes)
        output.append(bigEndian: lastOffsetDelta)
        output.append(bigEndian: baseTimestamp)
        output.append(bigEndian: maxTimestamp)
        output.append(bigEndian: producerID)
        output.append(bigEndian: producerEpoch)
        output.append(bigEndian: baseSequence)
        output.append(bigEndian: recordCount)
    }

    /// Fills in the length and the checksum of the batch that begins at `start` and reaches to the buffer's end.
    static func seal(_ output: inout ByteBuffer, from start: Int) {
        output.replace(bigEndian: Int32(output.count - start - RecordBatchHeader.lengthOverhead), at: start + 8)
        let crc = CRC32C.checksum(
            output.span.extracting((start + RecordBatchHeader.crcCoveredFrom)..<output.count))
        output.replace(bigEndian: crc, at: start + RecordBatchHeader.crcOffset)
    }
}
