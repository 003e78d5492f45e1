import ChangeModel
import Foundation
import Glibc
import Logging
import PostgresCapture
import RecordTransport
import UnixSignals

/// The life of `tailrace demo`.
struct DemoRun: Sendable {
    let seconds: Int?
    let rate: Int
    let orderCount: Int
    let isTerminal: Bool

    private enum Event: Sendable {
        case shopClosed
        case connectorEnded(CaptureError?)
        case other
    }

    /// Returns whether the log holds exactly what the shop did.
    func run() async throws -> Bool {
        say("starting a throwaway PostgreSQL and filling the shop's tables: products, orders, order_items …")
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let server = try ThrowawayPostgres()
        defer { server.remove() }
        let settings = ConnectionSettings(keywords: ["host": server.directory, "user": "postgres", "dbname": "shop"])
        let shop = try Self.makeShop(server, settings, orderCount: orderCount)
        let transport = try EmbeddedTransport(directory: "\(server.directory)/log")
        defer { try? transport.close() }
        let monitor = CaptureMonitor()
        let connector = PostgresConnector(
            configuration: try Self.configuration(server.directory), transport: transport, monitor: monitor,
            logger: Logger(label: "tailrace.demo"))
        let tally = ShopTraffic.Tally()
        var screen = DemoScreen(server: server.version, snapshotRowTotal: shop.rowCount)
        screen.hints = [
            "psql -h \(server.directory) -U postgres shop        change something yourself",
            "tailrace tail 'shop.*' --data-dir \(server.directory)/log        watch it come",
        ]
        let view = DemoView(
            screen: screen, monitor: monitor, tally: tally, reader: transport.reader,
            logDirectory: "\(server.directory)/log", isTerminal: isTerminal)

        let failure = await withTaskGroup(of: Event.self) { group -> CaptureError? in
            group.addTask {
                do throws(CaptureError) {
                    try await connector.run()
                    return .connectorEnded(nil)
                } catch { return .connectorEnded(error) }
            }
            group.addTask {
                await view.run()
                return .other
            }
            group.addTask {
                await openShop(until: signals, shop.connection, monitor, tally)
                await Self.settle(monitor, tally)
                return .shopClosed
            }
            defer { group.cancelAll() }
            for await event in group {
                switch event {
                case .shopClosed: return nil
                case .connectorEnded(let error): return error
                case .other: break
                }
            }
            return nil
        }
        if let failure { throw failure }
        return conclude(monitor.current, tally.current, snapshotRowCount: shop.rowCount)
    }

    /// Lets the shop trade until a stop is asked for or its time is up; returns after its last transaction.
    private func openShop(
        until signals: UnixSignalsSequence, _ connection: PostgresConnection, _ monitor: CaptureMonitor,
        _ tally: ShopTraffic.Tally
    ) async {
        let executor = CaptureExecutor(name: "shop")
        let rate = rate
        await withTaskGroup(of: Bool.self) { group in
            group.addTask(executorPreference: executor) {
                // What is changed before the slot exists is in the snapshot, and could not be counted in the stream.
                while monitor.current.phase == .starting, !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(20))
                }
                try? Self.trade(connection, rate: rate, tally)
                return true
            }
            group.addTask {
                for await _ in signals { break }
                return false
            }
            if let seconds {
                group.addTask {
                    try? await Task.sleep(for: .seconds(seconds))
                    return false
                }
            }
            _ = await group.next()
            group.cancelAll()
            await group.waitForAll()
        }
    }

    private static func trade(_ connection: PostgresConnection, rate: Int, _ tally: ShopTraffic.Tally) throws {
        var traffic = ShopTraffic()
        var due = ContinuousClock.now
        while !Task.isCancelled {
            tally.add(rows: try traffic.step(connection))
            due += .nanoseconds(1_000_000_000 / Int64(rate))
            let rest = due - .now
            if rest > .zero { usleep(UInt32(rest / .microseconds(1))) } else if rest < .seconds(-1) { due = .now }
        }
    }

    /// Waits until the log holds everything that was committed, for ten seconds at most.
    private static func settle(_ monitor: CaptureMonitor, _ tally: ShopTraffic.Tally) async {
        let deadline = ContinuousClock.now + .seconds(10)
        while monitor.current.durableRowCount < UInt64(tally.current.rows), ContinuousClock.now < deadline,
            monitor.current.phase != .failed, !Task.isCancelled
        {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func conclude(
        _ status: CaptureStatus, _ done: (transactions: Int, rows: Int), snapshotRowCount: Int
    ) -> Bool {
        let captured = status.durableRowCount
        let isExact = captured == UInt64(done.rows)
        say(
            "a snapshot of \(DemoScreen.grouped(UInt64(snapshotRowCount))) rows; then the shop made "
                + "\(DemoScreen.grouped(UInt64(done.transactions))) transactions with "
                + "\(DemoScreen.grouped(UInt64(done.rows))) row changes, and the log holds \(DemoScreen.grouped(captured))"
                + (isExact ? ": every one, once" : ""))
        if !isExact, let error = status.lastError { StandardError.error(error.description) }
        return isExact
    }

    private func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    // MARK: Set-up

    private static func makeShop(
        _ server: ThrowawayPostgres, _ settings: ConnectionSettings, orderCount: Int
    ) throws(CaptureError) -> (connection: PostgresConnection, rowCount: Int) {
        let first = try PostgresConnection(
            ConnectionSettings(keywords: ["host": server.directory, "user": "postgres", "dbname": "postgres"]))
        try first.execute("CREATE DATABASE shop")
        first.close()
        let connection = try PostgresConnection(settings)
        return (connection, try ShopTraffic.seed(connection, orderCount: orderCount))
    }

    private static func configuration(_ host: String) throws(ConfigurationError) -> CaptureConfiguration {
        try CaptureConfiguration.parse(
            properties: [
                "name": "demo", "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
                "topic.prefix": "shop", "database.hostname": host, "database.user": "postgres",
                "database.dbname": "shop", "slot.name": "tailrace_demo", "publication.name": "tailrace_demo",
                "publication.autocreate.mode": "filtered", "table.include.list": "public[.].*",
                "decimal.handling.mode": "string", "time.precision.mode": "isostring",
                "key.converter.schemas.enable": "false", "value.converter.schemas.enable": "false",
                "retriable.restart.connector.wait.ms": "500",
            ], version: Version.current, runID: UUID().uuidString.lowercased()
        ).configuration
    }
}
