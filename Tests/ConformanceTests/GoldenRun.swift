import Foundation
import TailraceTesting

/// One scenario: a new database, the connector over an embedded log, the changes, and the events that came of it.
struct GoldenRun {
    let scenario: GoldenScenario
    let server: PostgresServer

    /// How long any one wait may take.
    private static let deadline: Duration = .seconds(60)
    private static let database = "inventory"

    func events() async throws -> [GoldenEvent] { try await connector().events() }

    /// The connector after the scenario, with everything in its log.
    func connector() async throws -> ConnectorUnderTest {
        try await server.createDatabase(Self.database)
        try await server.run(script: scenario.setup(), database: Self.database)
        let properties = try scenario.properties()
            .merging(server.properties(database: Self.database)) { $1 }
            // As while recording, and an acknowledgement as soon as the log has the events, which is what we await.
            .merging(["poll.interval.ms": "50", "status.update.interval.ms": "50"]) { $1 }
        let connector = try ConnectorUnderTest(properties: properties)
        let session = try server.session(database: Self.database)
        try connector.start()
        do {
            try await awaitStreaming(connector, session)
            for step in try scenario.steps() { try await perform(step, connector, session) }
            try await settle(connector, session)
            try await connector.stop()
        } catch {
            try? await connector.stop()
            throw FixtureError("\(error); the connector: \(connector.state)")
        }
        return connector
    }

    private func perform(
        _ step: GoldenScenario.Step, _ connector: ConnectorUnderTest, _ session: PostgresSession
    ) async throws {
        switch step {
        case .sql(let script): try await server.run(script: script, database: Self.database)
        case .settle: try await settle(connector, session)
        case .sleep(let duration): try await Task.sleep(for: duration)
        case .stop:
            try await settle(connector, session)
            try await connector.stop()
        case .start:
            try connector.start()
            try await awaitStreaming(connector, session)
        case .restart:
            try await settle(connector, session)
            try await connector.stop()
            try connector.start()
            try await awaitStreaming(connector, session)
        }
    }

    /// Waits until a walsender streams to the connector, or the connector has done all that it does.
    private func awaitStreaming(_ connector: ConnectorUnderTest, _ session: PostgresSession) async throws {
        try await eventually("the connector streams", within: Self.deadline) {
            if try connector.isFinished() { return true }
            return try session.value(
                """
                SELECT count(*) FROM pg_replication_slots s JOIN pg_stat_replication r ON r.pid = s.active_pid
                WHERE r.state = 'streaming'
                """) != "0"
        }
    }

    /// Waits until everything that was done is in the log: the slot's confirmed position has reached what the server
    /// has written, and nothing comes of it any more, as the windows of an incremental snapshot would.
    private func settle(_ connector: ConnectorUnderTest, _ session: PostgresSession) async throws {
        guard connector.isRunning else { return }
        let clock = ContinuousClock()
        var last = (written: "", recordCount: UInt64.max)
        var since = clock.now
        try await eventually("the events settle", within: Self.deadline, every: .milliseconds(20)) {
            let isFinished = try connector.isFinished()
            let target = try session.value("SELECT pg_current_wal_flush_lsn()") ?? ""
            let isConfirmed =
                try session.value(
                    "SELECT coalesce(min(confirmed_flush_lsn) >= '\(last.written.isEmpty ? target : last.written)', true) "
                        + "FROM pg_replication_slots") == "t"
            let now = (written: target, recordCount: connector.recordCount)
            if now != last || !((isConfirmed && connector.isStreaming) || isFinished) {
                if now != last { last = now }
                since = clock.now
                return false
            }
            return clock.now - since > .milliseconds(250)
        }
    }
}
