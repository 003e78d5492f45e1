import ChangeModel
import Logging

/// Looks at the server from time to time, whatever the connector is doing: the slot, and who holds WAL back.
///
/// Runs on a thread and a connection of its own until its interrupt fires. A server that does not answer is nothing to
/// report here: the connector itself does.
struct HealthSampler: Sendable {
    /// How often the server is asked.
    static let interval = Duration.seconds(5)
    /// The slot is in danger when less than this is left at the present pace.
    private static let dangerSeconds = 3600.0

    let configuration: CaptureConfiguration
    let monitor: CaptureMonitor
    let logger: Logger
    let interrupt: Interrupt

    func run() {
        let connection = LazyConnection(
            configuration.connection, for: .catalog, interrupt: interrupt, statementTimeout: .seconds(30))
        defer { connection.close() }
        var wal = WALHealth()
        var last = ContinuousClock.now
        var hasWarned = false
        while interrupt.sleep(for: hasSlot ? Self.interval : .milliseconds(500)) {
            // The connector's own first steps come first.
            guard hasBegun else { continue }
            do throws(CaptureError) {
                let now = ContinuousClock.now
                try connection.use { connection throws(CaptureError) in
                    let slot = try SlotManager(configuration.slot).status(on: connection)
                    let (holders, end) = try Self.holders(on: connection)
                    wal.update(
                        holders: holders, endLSN: end, elapsed: now - last, safeByteCount: slot?.safeWALByteCount)
                    monitor.update {
                        $0.slot = slot
                        $0.wal = wal
                    }
                }
                last = now
            } catch {
                logger.debug("the server's health was not sampled", metadata: ["error": "\(error)"])
            }
            hasWarned = warn(of: wal, hasWarned: hasWarned)
        }
    }

    private var hasSlot: Bool { monitor.current.slot != nil }

    private var hasBegun: Bool {
        switch monitor.current.phase {
        case .starting: false
        default: true
        }
    }

    /// Says once, until it is over, that WAL is about to be lost, and who holds it.
    private func warn(of wal: WALHealth, hasWarned: Bool) -> Bool {
        guard let seconds = wal.secondsUntilDanger, seconds < Self.dangerSeconds else { return false }
        if !hasWarned, let holder = wal.holders.first {
            logger.warning(
                "WAL that the slot needs will be removed soon at this pace",
                metadata: [
                    "seconds": "\(Int(seconds))", "held by slot": "\(holder.slotName)",
                    "held bytes": "\(holder.byteCount)", "remedy": "raise max_slot_wal_keep_size",
                ])
        }
        return true
    }

    private static func holders(
        on connection: PostgresConnection
    ) throws(CaptureError) -> (holders: [WALHolder], endLSN: UInt64) {
        let result = try connection.query(
            """
            WITH wal AS (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                                     ELSE pg_catalog.pg_current_wal_lsn() END AS lsn)
            SELECT wal.lsn, s.slot_name, pg_catalog.pg_wal_lsn_diff(wal.lsn, s.restart_lsn)::pg_catalog.int8, s.active
              FROM wal LEFT JOIN pg_catalog.pg_replication_slots s ON s.restart_lsn IS NOT NULL
             ORDER BY 3 DESC NULLS LAST LIMIT 20
            """, action: "looking at what holds WAL back")
        var holders: [WALHolder] = []
        for row in 0..<result.rowCount {
            guard let name = result.text(row, 1) else { continue }
            holders.append(
                WALHolder(
                    slotName: name, byteCount: result.integer(row, 2, as: Int64.self) ?? 0,
                    isActive: result.bool(row, 3)))
        }
        return (holders, result.text(0, 0).flatMap { LSN($0) }?.rawValue ?? 0)
    }
}
