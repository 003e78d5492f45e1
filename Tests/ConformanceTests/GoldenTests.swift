import Foundation
import TailraceTesting
import Testing

/// Scenarios that do not pass yet, with the reason. Every other one has to.
let knownGaps: [String: Comment] = [
    "extra-blocking": "after no_data, the recorded blocking snapshot has the server's position, not the signal's"
]

/// `TAILRACE_SCENARIO=ecommerce,types-* swift test --filter GoldenTests` runs some of them.
@Suite("Events equal Debezium's")
struct GoldenTests {
    @Test("the events of a scenario equal the recorded ones", arguments: GoldenScenario.all)
    func scenario(_ scenario: GoldenScenario) async throws {
        if let gap = knownGaps[scenario.name] {
            await withKnownIssue(gap) { try await check(scenario) }
        } else {
            try await check(scenario)
        }
    }

    private func check(_ scenario: GoldenScenario) async throws {
        if scenario.isAvro { return try await checkAvro(scenario) }
        var differences = try await differences(scenario)
        // The recordings say which positions are equal, and the server's own records of running transactions, one each
        // quarter of a minute, may come between two messages that touch: such a run says nothing, another one does.
        var attempt = 1
        while attempt < 3, !differences.isEmpty, differences.allSatisfy(GoldenIdentities.isAboutPosition) {
            differences = try await self.differences(scenario)
            attempt += 1
        }
        guard !differences.isEmpty else { return }
        Issue.record("\(scenario.name):\n  \(differences.joined(separator: "\n  "))")
    }

    /// Schemas and bytes are compared; which positions are equal is what the same scenario in JSON tests.
    private func checkAvro(_ scenario: GoldenScenario) async throws {
        let recording = try AvroRecording(scenario)
        let differences = try await GoldenServers.shared.withServer { server in
            let connector = try await GoldenRun(scenario: scenario, server: server).connector()
            return AvroComparison(recording, records: try await connector.records(), registry: connector.registry)
                .differences
        }
        guard !differences.isEmpty else { return }
        Issue.record("\(scenario.name):\n  \(differences.joined(separator: "\n  "))")
    }

    private func differences(_ scenario: GoldenScenario) async throws -> [String] {
        let actual = try await GoldenServers.shared.withServer { server in
            try await GoldenRun(scenario: scenario, server: server).events()
        }
        if let folder = ProcessInfo.processInfo.environment["TAILRACE_SCENARIO_OUTPUT"] {
            try write(actual, to: "\(folder)/\(scenario.name).jsonl")
        }
        let prefix = try scenario.properties()["topic.heartbeat.prefix"] ?? "__debezium-heartbeat"
        return GoldenComparison(
            expected: try scenario.expectedEvents(), actual: actual, heartbeatPrefix: prefix
        ).differences
    }

    private func write(_ events: [GoldenEvent], to path: String) throws {
        var text: [UInt8] = []
        for event in events {
            text += Array(#"{"topic":"\#(event.topic)","partition":null,"key":"#.utf8) + event.key
            text += Array(#","value":"#.utf8) + event.value + Array(#","headers":"#.utf8) + event.headers
            text += Array("}\n".utf8)
        }
        try Data(text).write(to: URL(fileURLWithPath: path))
    }
}
