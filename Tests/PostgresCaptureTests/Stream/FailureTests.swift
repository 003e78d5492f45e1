import ChangeModel
import Foundation
import PostgresCapture
import RecordTransport
import TailraceTesting
import Testing

@Suite("Failures of the server", .serialized)
struct FailureTests {
    @Test("a slot in use is waited for, and its holder is named; its health is sampled meanwhile")
    func slotInUse() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "inuse", setup: "CREATE TABLE t (id int PRIMARY KEY)")
        let transport = try fixture.transport()
        let other = try EmbeddedTransport(directory: fixture.directory.file("other"))
        try await fixture.capturing(transport) { first in
            try await eventually("the first streams") { first.monitor.current.phase == .streaming }
            try await eventually("the slot's health is known") {
                let status = first.monitor.current
                return status.slot?.walStatus == .reserved && status.slot?.isActive == true
                    && status.wal.holders.contains { $0.slotName == "slot_inuse" }
            }
            try await fixture.capturing(other) { second in
                try await eventually("the holder is named") {
                    let pid = first.monitor.current.slot?.activePID ?? 0
                    return second.monitor.current.note?.contains("process \(pid)") == true
                }
            }
        }
        try transport.close()
        try other.close()
    }

    @Test("a server that stops at once and comes back loses and doubles nothing")
    func immediateStop() async throws {
        let server = try await PostgresServer.start(.init(synchronous: true))
        let fixture = try await CaptureFixture(
            server: server, database: "crash", setup: "CREATE TABLE t (id serial PRIMARY KEY, v int)")
        let transport = try fixture.transport()
        try await fixture.streaming(transport) { connector in
            for round in 0..<3 {
                try await server.query(
                    "INSERT INTO t (v) SELECT \(round) FROM generate_series(1, 500)", database: fixture.database)
                try await server.restart(.immediate)
            }
            try await server.query("INSERT INTO t (v) VALUES (9)", database: fixture.database)
            try await eventually("all rows", within: .seconds(60)) {
                try await fixture.values(transport, "t.public.t").count >= 1501
            }
        }
        let rows = try await fixture.rows(transport, "t.public.t")
        #expect(rows.count == 1501)
        #expect(Set(rows).count == 1501)
        try transport.close()
    }

    @Test("wrong passwords, missing databases and a wrong wal_level stop the connector with their code and a remedy")
    func refusals() async throws {
        let server = try await PostgresServer.start(.init(settings: ["wal_level": "replica"]))
        let fixture = try await CaptureFixture(server: server, database: "refused", setup: "SELECT 1")
        let transport = try fixture.transport()
        let cases: [(more: [String: String], code: CaptureError.Code)] = [
            (["database.password": "wrong"], .authentication), (["database.dbname": "nowhere"], .databaseMissing),
            ([:], .walLevel),
        ]
        for (more, code) in cases {
            do {
                try await fixture.streaming(transport, more) { _ in }
                Issue.record("\(code) was not noticed")
            } catch let error as CaptureError {
                #expect(error.code == code)
                #expect(!error.remedy.isEmpty)
                #expect(!error.description.contains("wrong"))
            }
        }
        try transport.close()
    }

    @Test("another cluster behind the same address is noticed before anything is skipped")
    func anotherCluster() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "cluster", setup: "CREATE TABLE t (id int PRIMARY KEY)")
        let transport = try fixture.transport()
        try await fixture.streaming(transport) { _ in
            try await server.query("INSERT INTO t VALUES (1)", database: fixture.database)
            try await eventually("the row") { try await fixture.values(transport, "t.public.t").count == 1 }
        }
        let replacement = try await PostgresServer.start()
        try await replacement.createDatabase("cluster")
        await #expect {
            try await fixture.streaming(transport, replacement.properties(database: "cluster")) { _ in }
        } throws: { error in
            (error as? CaptureError)?.code == .sourceChanged
        }
        try transport.close()
    }

    @Test("a promoted standby that lacks captured changes is refused; when_needed reads everything from it")
    func promotedStandby() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "failover", setup: "CREATE TABLE t (id int PRIMARY KEY)")
        let transport = try fixture.transport()
        let standby = try await fixture.streaming(transport) { _ in
            try await server.query("INSERT INTO t VALUES (1)", database: "failover")
            try await eventually("the row") { try await fixture.values(transport, "t.public.t").count == 1 }
            let copy = try await server.startCopy()
            // Enough to put our position after the place where the copy's own history begins.
            try await server.query("INSERT INTO t SELECT generate_series(2, 20000)", database: "failover")
            try await eventually("the rows that the copy lacks") {
                try await fixture.values(transport, "t.public.t").count == 20_000
            }
            return copy
        }
        try await standby.query("SELECT pg_promote()")
        let properties = standby.properties(database: "failover")
        await #expect {
            try await fixture.streaming(transport, properties) { _ in }
        } throws: { error in
            guard let error = error as? CaptureError else { return false }
            return error.code == .sourceChanged && error.detail.contains("timeline")
                && error.remedy.contains("when_needed")
        }
        #expect(try await fixture.values(transport, "t.public.t").count == 20_000)
        try await fixture.streaming(transport, properties.merging(["snapshot.mode": "when_needed"]) { $1 }) { _ in
            try await standby.query("INSERT INTO t VALUES (30000)", database: "failover")
            try await eventually("the snapshot and the change") {
                try await fixture.rows(transport, "t.public.t").dropFirst(20_000) == [#"{"id":1}"#, #"{"id":30000}"#]
            }
        }
        try transport.close()
    }
}
