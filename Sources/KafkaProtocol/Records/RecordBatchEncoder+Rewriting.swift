public import ByteCoding
internal import ChangeModel

extension RecordBatchEncoder {
    /// Sets the leader epoch of the batch that begins at `start`, which leaves the checksum valid.
    public static func setLeaderEpoch(_ epoch: Int32, in output: inout ByteBuffer, at start: Int) {
        output.replace(bigEndian: epoch, at: start + 12)
    }

    /// Says that the log chose the time of the only batch in `output`: every record of it then has `timestamp`
    /// (milliseconds since 1970). The checksum is made anew.
    public static func setLogAppendTime(_ timestamp: Int64, of header: RecordBatchHeader, in output: inout ByteBuffer) {
        output.replace(bigEndian: header.attributes | RecordBatchHeader.logAppendTimeBit, at: 21)
        output.replace(bigEndian: timestamp, at: 35)
        seal(&output, from: 0)
    }

    /// Appends the batch without its records: what compaction leaves of a producer's last batch, so that its sequence and
    /// its offsets stay known.
    public static func appendEmpty(_ header: RecordBatchHeader, into output: inout ByteBuffer) {
        let start = output.count
        appendHeader(
            attributes: header.attributes & ~(7 | RetainedBatchBuilder.deleteHorizonBit),
            lastOffsetDelta: header.lastOffsetDelta, baseTimestamp: header.maxTimestamp,
            maxTimestamp: header.maxTimestamp, recordCount: 0, producerID: header.producerID,
            producerEpoch: header.producerEpoch, baseSequence: header.baseSequence,
            leaderEpoch: header.partitionLeaderEpoch, into: &output)
        output.replace(bigEndian: header.baseOffset.rawValue, at: start)
        seal(&output, from: start)
    }

    /// Appends the batch with its records compressed by another codec, everything else as it was.
    /// - Parameter plain: the batch's records, decompressed.
    public static func recompress(
        _ plain: Span<UInt8>, of header: RecordBatchHeader, as type: CompressionType, codec: any BatchCodec,
        into output: inout ByteBuffer
    ) throws(CompressionError) {
        let start = output.count
        appendHeader(
            attributes: header.attributes & ~7 | Int16(type.rawValue), lastOffsetDelta: header.lastOffsetDelta,
            baseTimestamp: header.baseTimestamp, maxTimestamp: header.maxTimestamp, recordCount: header.recordCount,
            producerID: header.producerID, producerEpoch: header.producerEpoch, baseSequence: header.baseSequence,
            leaderEpoch: header.partitionLeaderEpoch, into: &output)
        if type == .none { output.append(plain) } else { try codec.compress(plain, as: type, into: &output) }
        output.replace(bigEndian: header.baseOffset.rawValue, at: start)
        seal(&output, from: start)
    }
}

extension RecordBatchHeader {
    static var logAppendTimeBit: Int16 { 8 }
}
