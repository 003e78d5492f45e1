import Foundation
import PostgresCapture
import Testing

@Suite("The comparison of events with recordings")
struct GoldenComparisonTests {
    @Test(
        "a recording with its real values equals itself with placeholders",
        arguments: ["ecommerce", "messages", "snapshot-initial", "transactions", "types-numeric"])
    func rawRecordings(name: String) throws {
        let folder = "\(GoldenScenario.directory)/\(name)"
        let comparison = GoldenComparison(
            expected: try GoldenScenario.events("\(folder)/debezium.jsonl"),
            actual: try GoldenScenario.events("\(folder)/debezium.raw.jsonl"))
        #expect(comparison.differences == [])
    }

    @Test("every recording can be read, and every line of it has all parts", arguments: GoldenScenario.all)
    func recordingsCanBeRead(scenario: GoldenScenario) throws {
        for event in try scenario.expectedEvents() {
            #expect(!event.topic.isEmpty && !event.key.isEmpty && !event.value.isEmpty && !event.headers.isEmpty)
        }
        _ = try scenario.steps()
    }

    @Test("every scenario's configuration is accepted", arguments: GoldenScenario.all)
    func configurationsAreAccepted(scenario: GoldenScenario) throws {
        let properties = try scenario.properties().merging(["database.hostname": "localhost", "database.user": "u"]) {
            $1
        }
        #expect(throws: Never.self) {
            try CaptureConfiguration.parse(properties: properties, version: "1.0.0", runID: "none")
        }
    }

    @Test("a changed byte, a missing event and a surplus event are found")
    func differences() throws {
        let events = try GoldenScenario.events("\(GoldenScenario.directory)/ecommerce/debezium.raw.jsonl")
        let expected = try GoldenScenario.events("\(GoldenScenario.directory)/ecommerce/debezium.jsonl")
        var changed = events
        var value = events[7].value
        value[30] ^= 1
        changed[7] = GoldenEvent(
            topic: events[7].topic, key: events[7].key, value: value, headers: events[7].headers)
        #expect(GoldenComparison(expected: expected, actual: changed).differences.count == 1)
        #expect(GoldenComparison(expected: expected, actual: events.dropLast()).differences.count == 1)
        #expect(GoldenComparison(expected: expected, actual: events + [events[0]]).differences.count == 1)
    }

    @Test("two LSNs that the recording tells apart may not be one")
    func identities() {
        let template = GoldenTemplate(Array(#"{"a":"<lsn:1>","b":"<lsn:2>","c":"[\"<lsn>\",\"<lsn:1>\"]"}"#.utf8))
        var identities = GoldenIdentities()
        #expect(
            template.mismatch(with: Array(#"{"a":7,"b":8,"c":"[\"5\",\"7\"]"}"#.utf8), identities: &identities) == nil)
        identities = GoldenIdentities()
        #expect(
            template.mismatch(with: Array(#"{"a":7,"b":7,"c":"[\"5\",\"7\"]"}"#.utf8), identities: &identities) != nil)
        identities = GoldenIdentities()
        #expect(
            template.mismatch(with: Array(#"{"a":7,"b":8,"c":"[\"5\",\"8\"]"}"#.utf8), identities: &identities) != nil)
    }
}
