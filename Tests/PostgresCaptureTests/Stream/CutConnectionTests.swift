import Foundation
import PostgresCapture
import RecordTransport
import TailraceTesting
import Testing

@Suite("Connections that break", .serialized)
struct CutConnectionTests {
    @Test(
        "a stream that is cut at any byte loses and doubles nothing, in commit order",
        arguments: [(UInt64(11), "streaming=off"), (12, "streaming=on")])
    func cuts(seed: UInt64, parameters: String) async throws {
        let server = try await PostgresServer.start(.init(settings: ["logical_decoding_work_mem": "64kB"]))
        let proxy = try CuttingProxy(target: server.port, seed: seed)
        let fixture = try await CaptureFixture(
            server: server, database: "cuts", setup: "CREATE TABLE t (id int PRIMARY KEY, v text)")
        let transport = try fixture.transport()
        let rowCount = 8 * 1000 + 32 * 10
        let more = [
            "database.port": String(proxy.port), "slot.stream.params": parameters,
            "retriable.restart.connector.wait.ms": "50", "slot.retry.delay.ms": "50", "slot.max.retries": "1000",
        ]
        try await fixture.capturing(transport, more) { connector in
            // The first position is needed before the changes: without a slot there is nothing to lose.
            try await eventually("the connector streams") { connector.monitor.current.phase == .streaming }
            for transaction in 0..<40 {
                let first = transaction * 1000
                let last = first + (transaction % 5 == 0 ? 999 : 9)
                try await server.query(
                    """
                    INSERT INTO t SELECT g, repeat(md5(g::text), 3)
                      FROM generate_series(\(first), \(last)) g
                    """, database: "cuts")
            }
            try await eventually("the stream was cut often", within: .seconds(60)) { proxy.cutCount >= 8 }
            proxy.stopCutting()
            try await eventually("all rows came", within: .seconds(60)) {
                try await fixture.values(transport, "t.public.t").count >= rowCount
            }
        }
        let ids = try await fixture.rows(transport, "t.public.t").map { row -> Int in
            let object = try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any]
            return object?["id"] as? Int ?? -1
        }
        #expect(ids.count == rowCount, "seed \(seed)")
        let isInOrder = zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }
        #expect(isInOrder, "seed \(seed)")
        try transport.close()
    }
}
