import ByteCoding
import Compression
import Foundation
import KafkaProtocol
import Testing

/// A record batch that a real client wrote.
struct ClientBatch: Sendable, CustomTestStringConvertible {
    let client: String
    let codec: String
    let bytes: [UInt8]
    var testDescription: String { "\(client), \(codec)" }

    static let all: [ClientBatch] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Golden/batches.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let words = line.split(separator: " ").map(String.init)
            return ClientBatch(client: words[0], codec: words[1], bytes: hexadecimal(words[2]))
        }
    }()
}

/// The bytes that pairs of hexadecimal digits stand for.
func hexadecimal(_ text: some StringProtocol) -> [UInt8] {
    let digits = Array(text)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
}

@Suite("Record batches of real clients")
struct ClientBatchTests {
    private static let records: [SampleRecord] = {
        let headers = [RecordHeader(key: "h", value: Array("x".utf8))]
        let (long, other) = (String(repeating: "v1", count: 20), String(repeating: "v3", count: 20))
        return [
            SampleRecord(
                timestamp: 1_700_000_000_000, key: Array("k1".utf8), value: Array(long.utf8), headers: headers),
            SampleRecord(timestamp: 1_700_000_000_001, key: Array("k2".utf8), value: nil, headers: headers),
            SampleRecord(timestamp: 1_700_000_000_002, key: nil, value: Array(other.utf8), headers: headers),
        ]
    }()

    @Test("the records are read, whichever client and codec wrote them", arguments: ClientBatch.all)
    func read(_ batch: ClientBatch) throws {
        #expect(try RecordBatchTests.decode(batch.bytes) == Self.records)
        let header = try RecordBatchHeader.validate(batch.bytes.span)
        #expect(header.compression?.name == batch.codec)
    }

    @Test("every client and codec is there")
    func count() { #expect(ClientBatch.all.count == 15) }

    @Test("an uncompressed batch of ours is theirs, byte by byte")
    func write() throws {
        let ours = try RecordBatchTests.batch(of: Self.records, as: .none)
        let theirs = try #require(ClientBatch.all.first { $0.client == "librdkafka" && $0.codec == "none" })
        #expect(ours == theirs.bytes)
    }
}
