import TailraceTesting
import Testing

@Suite("The crash matrix's workload")
struct WorkloadTests {
    @Test("the writer's memory equals the tables, also when the server is stopped under it")
    func memoryEqualsTables() async throws {
        let server = try await PostgresServer.start()
        try await server.createDatabase("crash")
        let writer = Writer(Workload(writer: "a", seed: 7), server: server, database: "crash", pause: .zero)
        try writer.start(seed: 8, seedRowCount: 5_000)
        try await eventually("transactions are committed") { writer.history.transactions.count > 20 }
        try await server.restart(.immediate)
        let committed = writer.history.transactions.count
        try await eventually("transactions go on") { writer.history.transactions.count > committed + 20 }
        try await writer.stop()

        var rows: [String: [Int64: Int64]] = [:]
        for change in writer.history.transactions.joined() {
            rows[change.table, default: [:]][change.key] = change.operation == .delete ? nil : change.id
        }
        let session = try server.session(database: "crash")
        for table in writer.workload.tableNames {
            let stored = try session.query("SELECT id, change FROM \(table)")
            #expect(stored.count == rows[table]?.count ?? 0, "\(table)")
            let differing = stored.filter { row in
                rows[table]?[Int64(row[0] ?? "") ?? -1] != Int64(row[1] ?? "")
            }
            #expect(differing.count == 0, "\(table)")
        }
    }
}
