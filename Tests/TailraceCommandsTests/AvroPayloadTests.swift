import Avro
import ChangeModel
import Testing

@testable import TailraceCommands

@Suite("Avro records for people")
struct AvroPayloadTests {
    private struct Source: SchemaTextSource {
        func schemaText(_ identifier: Int32) async throws -> String? {
            guard identifier == 7 else { return nil }
            return
                #"{"type":"record","name":"R","fields":[{"name":"id","type":"int"},{"name":"name","type":["null","string"]},"#
                + #"{"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}},"#
                + #"{"name":"tags","type":{"type":"array","items":"string"}}]}"#
        }
    }

    private func decoded(_ value: [UInt8]) async -> [UInt8]? {
        let record = LogRecord(
            partition: TopicPartition(topic: "t", partition: 0), offset: .zero, timestamp: 0, key: nil, value: value)
        return await PayloadDecoder(Source()).decode(record).value
    }

    @Test("a framed value is shown as JSON, its unions as their values and its decimals as numbers")
    func framed() async {
        let value: [UInt8] = [0, 0, 0, 0, 7, 2, 2, 2, 0x78, 4, 0xFF, 0x85, 2, 2, 0x61, 0]
        #expect(
            await decoded(value).map { String(decoding: $0, as: UTF8.self) }
                == #"{"id":1,"name":"x","price":-1.23,"tags":["a"]}"#)
    }

    @Test("bytes of an unknown schema, and bytes that do not fit theirs, stay as they are")
    func other() async {
        for value: [UInt8] in [[0, 0, 0, 0, 8, 2], [0, 0, 0, 0, 7, 2], Array("{}".utf8), [0]] {
            #expect(await decoded(value) == value)
        }
    }

    @Test(
        "decimals of any size and sign",
        arguments: [
            ([0x00], 0, "0"), ([0x00], 2, "0.00"), ([0x7B], 2, "1.23"), ([0x80], 0, "-128"), ([0xFF], 1, "-0.1"),
            ([0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 0, "18446744073709551615"),
        ] as [([UInt8], Int, String)])
    func decimals(_ bytes: [UInt8], _ scale: Int, _ text: String) {
        #expect(DecimalNumber.text(bytes, scale: scale) == text)
    }
}
