import TailraceTesting

/// A few servers, each lent to one scenario at a time: scenarios share names of databases, slots and roles, which a
/// server has once.
actor GoldenServers {
    static let shared = GoldenServers(count: 4)

    private var idle: [PostgresServer] = []
    private var unstarted: Int
    private var waiting: [CheckedContinuation<PostgresServer, any Error>] = []

    init(count: Int) { unstarted = count }

    /// Lends a server to `body`, and cleans up what it left there.
    func withServer<Result: Sendable>(_ body: @Sendable (PostgresServer) async throws -> Result) async throws -> Result
    {
        let server = try await take()
        do {
            let result = try await body(server)
            try await clean(server)
            giveBack(server)
            return result
        } catch {
            do {
                try await clean(server)
                giveBack(server)
            } catch {
                // The server is of no more use: the next scenario gets a new one.
                unstarted += 1
                if !waiting.isEmpty {
                    let next = waiting.removeFirst()
                    do { next.resume(returning: try await start()) } catch { next.resume(throwing: error) }
                }
            }
            throw error
        }
    }

    private func take() async throws -> PostgresServer {
        if let server = idle.popLast() { return server }
        if unstarted > 0 { return try await start() }
        return try await withCheckedThrowingContinuation { waiting.append($0) }
    }

    private func start() async throws -> PostgresServer {
        unstarted -= 1
        do { return try await PostgresServer.start() } catch {
            unstarted += 1
            throw error
        }
    }

    private func giveBack(_ server: PostgresServer) {
        if waiting.isEmpty { idle.append(server) } else { waiting.removeFirst().resume(returning: server) }
    }

    private func clean(_ server: PostgresServer) async throws {
        let session = try server.session()
        try await eventually("the scenario's slots are dropped") {
            try session.query(
                """
                SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL;
                SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE active_pid IS NULL
                """)
            return try session.value("SELECT count(*) FROM pg_replication_slots") == "0"
        }
        try session.query("DROP DATABASE IF EXISTS inventory WITH (FORCE)")
        let origins = try session.query("SELECT roname FROM pg_replication_origin").compactMap { $0.first ?? nil }
        for origin in origins { try session.query("SELECT pg_replication_origin_drop('\(origin)')") }
    }
}
