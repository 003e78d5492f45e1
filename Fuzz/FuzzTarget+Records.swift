import ByteCoding
import Compression
import KafkaProtocol

extension FuzzTarget {
    /// Record batches as a fetch would return them, in every codec.
    static let records = FuzzTarget(name: "records", corpus: batches) { input in
        read(input)
        // A wrong checksum ends most mutations early, so the checksum is made right as well.
        guard input.count > RecordBatchHeader.byteCount else { return }
        var mended = input
        let checksum = CRC32C.checksum(input.span.extracting(21..<input.count))
        for shift in 0..<4 { mended[17 + shift] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32(shift))) }
        read(mended)
    }

    private static func read(_ input: [UInt8]) {
        var byteCount = 0
        try? RecordBatches.forEachRecord(in: input.span, codec: StandardCodec()) { record in
            byteCount += record.key.count + record.value.count
            _ = try record.decodeHeaders()
        }
    }

    private static let batches: [[UInt8]] = {
        let codecs = CompressionType.allCases
        let single = codecs.compactMap { codec -> [UInt8]? in
            let builder = RecordBatchBuilder()
            let headers: [UInt8] = [2, 4, 0x69, 0x64, 2, 0x37]
            for number in 0..<5 {
                let key = Array("{\"id\":\(number)}".utf8)
                let value = Array("{\"after\":{\"id\":\(number),\"note\":\"note note note\"}}".utf8)
                builder.append(
                    timestamp: 1_700_000_000_000 + Int64(number), key: key.span, hasKey: number != 3, value: value.span,
                    hasValue: number != 4, headers: headers.span)
            }
            var output = ByteBuffer(capacity: 512)
            guard
                (try? RecordBatchEncoder.encode(builder, as: codec, codec: StandardCodec(), into: &output))
                    != nil
            else { return nil }
            return output.array()
        }
        return single + [single.flatMap { $0 }]
    }()
}
