import ArgumentParser
import KafkaClient
import Testing

@testable import TailraceCommands

@Suite("Commands on a cluster")
struct ClusterCommandTests {
    @Test(
        "a reset goes where it says, within what the partition holds",
        arguments: [
            (OffsetReset.earliest, 10), (.latest, 90), (.current, 50), (.offset(60), 60), (.offset(5), 10),
            (.offset(500), 90), (.time(1), 33), (.shift(5), 55), (.shift(-5), 45), (.shift(-100), 10),
            (.shift(.max), 90), (.shift(.min), 10),
        ] as [(OffsetReset, Int64)])
    func reset(reset: OffsetReset, expected: Int64) {
        #expect(reset.target(committed: 50, bounds: 10..<90, atTime: 33) == expected)
    }

    @Test("without a committed offset a reset counts from the end, and so does a time after the last record")
    func resetFromNothing() {
        #expect(OffsetReset.shift(-5).target(committed: nil, bounds: 10..<90, atTime: nil) == 85)
        #expect(OffsetReset.current.target(committed: nil, bounds: 10..<90, atTime: nil) == 90)
        #expect(OffsetReset.time(1).target(committed: 50, bounds: 10..<90, atTime: nil) == 90)
    }

    @Test(
        "durations are read as ISO 8601 and as ages",
        arguments: [
            ("P1DT2H30M", 95_400_000), ("PT0.5S", 500), ("P2W", 1_209_600_000), ("90s", 90_000), ("3d", 259_200_000),
            ("P", nil), ("P1", nil), ("PT5D", nil), ("5", nil), ("P1M", nil), ("", nil),
            ("P99999999999999999999D", nil),
        ] as [(String, Int64?)])
    func durations(text: String, expected: Int64?) { #expect(OffsetReset.duration(text) == expected) }

    @Test("partitions are selected as topic:0,1")
    func selections() throws {
        #expect(try PartitionSelection("orders").partitions == nil)
        let some = try PartitionSelection("orders:0,12")
        #expect(some.topic == "orders")
        #expect(some.partitions == [0, 12])
        for text in ["orders:", "orders:a", "orders:1,,2", "orders:-1"] {
            #expect(throws: ValidationError.self) { try PartitionSelection(text) }
        }
    }

    @Test("settings are lists with brackets around commas")
    func configLists() throws {
        let parsed = try ConfigList.parse("a=1,cleanup.policy=[compact,delete],b=,c=x=y")
        #expect(parsed.map(\.name) == ["a", "cleanup.policy", "b", "c"])
        #expect(parsed.map(\.value) == ["1", "compact,delete", "", "x=y"])
        for text in ["a", "=1", "a=[1]x"] { #expect(throws: ValidationError.self) { try ConfigList.parse(text) } }
    }

    @Test("a line of text is a value, or a key and a value")
    func textLines() throws {
        let plain = ProducerInput(form: .text(keySeparator: nil, nullMarker: nil))
        #expect(try plain.record(Array("a:b".utf8)) == .init(key: nil, value: Array("a:b".utf8)))
        let keyed = ProducerInput(form: .text(keySeparator: ":", nullMarker: "NULL"))
        #expect(try keyed.record(Array("a:b:c".utf8)) == .init(key: [0x61], value: Array("b:c".utf8)))
        #expect(try keyed.record(Array("NULL:NULL".utf8)) == .init(key: nil, value: nil))
        #expect(try keyed.record(Array(":".utf8)) == .init(key: [], value: []))
        #expect(throws: ProducerInput.Malformed.self) { try keyed.record(Array("none".utf8)) }
    }

    @Test("a JSON line keeps numbers' digits, nulls, headers and bytes")
    func jsonLines() throws {
        let input = ProducerInput(form: .json)
        let record = try input.record(
            Array(
                #"{"topic":"x","offset":1,"key":"k","value":{"a": 1.50},"headers":{"h":"v","n":null},"partition":3,"timestamp":7}"#
                    .utf8))
        #expect(record.key == Array("k".utf8))
        #expect(record.value == Array(#"{"a":1.50}"#.utf8))
        #expect(record.headers == [RecordHeader(name: "h", value: [0x76]), RecordHeader(name: "n", value: nil)])
        #expect(record.partition == 3)
        #expect(record.timestamp == 7)
        let bytes = try input.record(Array(#"{"keyBase64":"AP8=","value":null}"#.utf8))
        #expect(bytes == .init(key: [0, 255], value: nil))
    }

    @Test(
        "a malformed line is refused without showing it",
        arguments: ["[]", "{", #"{"secret":1}"#, #"{"partition":-1}"#, #"{"timestamp":"x"}"#, #"{"valueBase64":"?"}"#])
    func malformed(line: String) {
        let error = #expect(throws: ProducerInput.Malformed.self) {
            try ProducerInput(form: .json).record(Array(line.utf8))
        }
        #expect(error?.reason.isEmpty == false)
    }

    @Test("a pattern subscribes to the topics that it matches")
    func patterns() { #expect(TopicPattern("shop.*.v?").regularExpression == "^shop\\..*\\.v.$") }
}
