/// Compares the events of a run with a recording: each topic's in order, keys, values and headers byte by byte.
struct GoldenComparison {
    private var identities = GoldenIdentities()
    private(set) var differences: [String] = []

    /// - Parameter heartbeatPrefix: topics with this prefix hold heartbeats, whose number depends on the run's length.
    init(expected: [GoldenEvent], actual: [GoldenEvent], heartbeatPrefix: String = "__debezium-heartbeat") {
        let expectedTopics = Dictionary(grouping: expected, by: \.topic)
        let actualTopics = Dictionary(grouping: actual, by: \.topic)
        var order: [String] = []
        for event in expected where !order.contains(event.topic) { order.append(event.topic) }
        for topic in order {
            let recorded = expectedTopics[topic] ?? []
            let found = actualTopics[topic] ?? []
            if topic.hasPrefix(heartbeatPrefix) {
                compareHeartbeats(topic, expected: recorded, actual: found)
            } else {
                compare(topic, expected: recorded, actual: found)
            }
        }
        for (topic, events) in actualTopics.sorted(by: { $0.key < $1.key }) where expectedTopics[topic] == nil {
            differences.append("topic \(topic): \(events.count) events that the recording does not have")
        }
    }

    private mutating func compare(_ topic: String, expected: [GoldenEvent], actual: [GoldenEvent]) {
        for (index, (expected, actual)) in zip(expected, actual).enumerated() {
            if let difference = difference(expected, actual) {
                differences.append("topic \(topic), event \(index + 1): \(difference)")
                break
            }
        }
        guard expected.count != actual.count else { return }
        let next =
            expected.count > actual.count
            ? "missing: \(Self.summary(expected[actual.count]))" : "surplus: \(Self.summary(actual[expected.count]))"
        differences.append("topic \(topic): expected \(expected.count) events, got \(actual.count); first \(next)")
    }

    private mutating func compareHeartbeats(_ topic: String, expected: [GoldenEvent], actual: [GoldenEvent]) {
        guard let recorded = expected.first else { return }
        if actual.isEmpty { differences.append("topic \(topic): no heartbeat") }
        for event in actual {
            if let difference = difference(recorded, event) {
                differences.append("topic \(topic): \(difference)")
                return
            }
        }
    }

    private mutating func difference(_ expected: GoldenEvent, _ actual: GoldenEvent) -> String? {
        let isNotification = expected.value.starts(with: Array("{\"id\":\"<uuid>\"".utf8))
        for (part, path) in [("key", \GoldenEvent.key), ("value", \.value), ("headers", \.headers)] {
            let template = GoldenTemplate(expected[keyPath: path], volatileUUIDs: isNotification && part == "key")
            if let mismatch = template.mismatch(with: actual[keyPath: path], identities: &identities) {
                return "\(part) differs \(mismatch)"
            }
        }
        return nil
    }

    private static func summary(_ event: GoldenEvent) -> String {
        "key \(String(decoding: event.key.prefix(120), as: UTF8.self)) value "
            + String(decoding: event.value.prefix(240), as: UTF8.self)
    }
}
