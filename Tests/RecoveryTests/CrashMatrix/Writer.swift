import Foundation
import Synchronization
import TailraceTesting

/// Runs a workload against a server on a thread of its own and remembers what was committed, through every failure of
/// the server.
final class Writer: Sendable {
    private struct State {
        var history = ChangeHistory()
        var failure: String?
        var isStopped = false
        var isFinished = false
        var changeCount = 0

        mutating func commit(_ changes: [ChangeHistory.Change]) {
            history.commit(changes)
            changeCount += changes.count
        }
    }

    private let state = Mutex(State())
    let workload: Workload
    private let server: PostgresServer
    private let database: String
    /// The longest transaction, in rows.
    private let rowCountMax: Int
    private let pause: Duration
    /// After about so many changes the transactions stay small, so that a slow log is not outrun for ever.
    private let changeCountMax: Int

    init(
        _ workload: Workload, server: PostgresServer, database: String, rowCountMax: Int = 5_000,
        changeCountMax: Int = .max, pause: Duration = .milliseconds(30)
    ) {
        self.workload = workload
        self.server = server
        self.database = database
        self.rowCountMax = rowCountMax
        self.pause = pause
        self.changeCountMax = changeCountMax
    }

    var history: ChangeHistory { state.withLock { $0.history } }

    /// Begins to write after `seedRowCount` rows in transactions of 2,000, which are committed on return.
    func start(seed: UInt64, seedRowCount: Int) throws {
        var workload = workload
        let session = try server.session(database: database)
        try session.query(workload.schema)
        var written = 0
        while written < seedRowCount {
            let transaction = workload.next(rowCount: 2_000)
            try session.query("BEGIN; \(transaction.statements.joined(separator: ";\n")); COMMIT")
            state.withLock { $0.commit(transaction.changes) }
            written += transaction.changes.count
        }
        let thread = Thread { [workload] in self.run(workload, SeededGenerator(seed: seed)) }
        thread.name = "writer \(workload.writer)"
        thread.start()
    }

    /// Stops after the transaction at hand.
    /// - Throws: ``FixtureError`` when writing failed for good.
    func stop() async throws {
        state.withLock { $0.isStopped = true }
        try await eventually("the writer stops") { state.withLock { $0.isFinished } }
        if let failure = state.withLock({ $0.failure }) { throw FixtureError("writer \(workload.writer): \(failure)") }
    }

    private func run(_ initial: Workload, _ seeded: SeededGenerator) {
        var workload = initial
        var generator = seeded
        var session: PostgresSession?
        defer { state.withLock { $0.isFinished = true } }
        while !state.withLock({ $0.isStopped }) {
            // Most transactions are small, as in a shop; one in twelve is long.
            let isBusy = state.withLock { $0.changeCount < changeCountMax }
            let rowCount =
                isBusy && generator.oneIn(12)
                ? Int.random(in: 1...rowCountMax, using: &generator) : Int.random(in: 1...20, using: &generator)
            var next = workload
            let transaction = next.next(rowCount: rowCount)
            do {
                if generator.oneIn(10) {
                    // Rolled back as a whole: the same transaction is then made again.
                    _ = try? session?.query("BEGIN; \(transaction.statements.joined(separator: ";\n")); ROLLBACK")
                }
                if try commit(transaction, &session) {
                    workload = next
                    state.withLock { $0.commit(transaction.changes) }
                }
            } catch {
                state.withLock { $0.failure = "\(error)" }
                return
            }
            Thread.sleep(forTimeInterval: Double(pause.components.attoseconds) / 1e18)
        }
    }

    /// - Returns: whether the transaction took effect.
    /// - Throws: ``FixtureError`` when the server does not come back.
    private func commit(_ transaction: Workload.Transaction, _ session: inout PostgresSession?) throws -> Bool {
        do {
            let open = try session ?? server.session(database: database)
            session = open
            try open.query("BEGIN; \(transaction.statements.joined(separator: ";\n")); COMMIT")
            return true
        } catch {
            session = nil
        }
        // The server went away: it alone knows whether the commit came first.
        for _ in 0..<600 {
            if let open = try? server.session(database: database),
                let answer = try? open.value(
                    "SELECT count(*) FROM ledger_\(workload.writer) WHERE id = \(transaction.number)")
            {
                session = open
                return answer == "1"
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw FixtureError("the server did not come back within 30 seconds")
    }
}
