import Foundation
import TailraceTesting

/// Runs `tailrace serve` under everything that can go wrong while writers change the database, then compares the log
/// with the writers' memory.
struct CrashMatrix {
    /// Ways of capturing that die in their own ways.
    enum Variant: String, CaseIterable, Sendable {
        case plain
        /// The server sends long transactions before they are committed.
        case streamedTransactions
        /// Three connections read the snapshot.
        case parallelSnapshot
        /// Connections are cut at random bytes all the while.
        case cutConnections

        /// All, or the one that `TAILRACE_CRASH_VARIANT` names.
        static var chosen: [Variant] {
            guard let name = ProcessInfo.processInfo.environment["TAILRACE_CRASH_VARIANT"] else { return allCases }
            return Variant(rawValue: name).map { [$0] } ?? allCases
        }
    }

    struct Options: Sendable {
        var variant = Variant.plain
        var seed: UInt64
        /// How often the process is killed; the other faults come on top.
        var killCount = 10
        /// Rows of each writer before the first start: what the snapshot reads.
        var seedRowCount = 40_000
        /// About how many rows each writer changes before it goes on with small transactions only.
        var changeCountMax = 40_000
        var fillsDisk = true

        /// From `TAILRACE_CRASH_SEED` and `TAILRACE_CRASH_KILLS`; without the first, a new seed.
        static func fromEnvironment(_ variant: Variant) -> Options {
            let environment = ProcessInfo.processInfo.environment
            var options = Options(
                variant: variant,
                seed: environment["TAILRACE_CRASH_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999))
            if variant != .plain {
                options.killCount = 8
                options.fillsDisk = false
            }
            if let count = environment["TAILRACE_CRASH_KILLS"].flatMap(Int.init) {
                options.killCount = count
                options.seedRowCount = max(40_000, count * 3_000)
                options.changeCountMax = max(40_000, count * 6_000)
            }
            return options
        }
    }

    enum Fault: String, CaseIterable, Sendable {
        case kill, walsenderTerminated, serverStoppedImmediately, processStopped, killWhileServerIsDown, diskFull
    }

    /// What was done and what came of it.
    struct Report: Sendable {
        var faults: [Fault: Int] = [:]
        var snapshotKillCount = 0
        var changeCount = 0
        var eventCount = 0
        var notes: [String] = []
        var findings: [String] = []
        var summary: String {
            let list = Fault.allCases.map { "\($0.rawValue) \(faults[$0] ?? 0)" }.joined(separator: ", ")
            return "\(list); \(snapshotKillCount) kills before the snapshot was complete; \(changeCount) changes, "
                + "\(eventCount) events" + notes.map { "; \($0)" }.joined()
        }
    }

    let options: Options
    private let server: PostgresServer
    private let disk: LimitedDisk?
    private let program: TailraceProgram
    private let writers: [Writer]
    private let proxy: CuttingProxy?
    private static let database = "crash"

    init(_ options: Options) async throws {
        self.options = options
        server = try await PostgresServer.start(
            .init(settings: options.variant == .streamedTransactions ? ["logical_decoding_work_mem": "64kB"] : [:]))
        try await server.createDatabase(Self.database)
        disk = options.fillsDisk ? try await LimitedDisk.mount(byteCount: 4 << 30) : nil
        program = try TailraceProgram(dataDirectory: disk.map { "\($0.path)/data" })
        writers = ["a", "b"].enumerated().map { [server] number, name in
            Writer(
                Workload(writer: name, seed: options.seed &+ UInt64(number)), server: server, database: Self.database,
                changeCountMax: options.changeCountMax, pause: .milliseconds(60))
        }
        proxy =
            options.variant == .cutConnections ? try CuttingProxy(target: server.port, seed: options.seed) : nil
        let connector = [
            "name": "crash", "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
            "topic.prefix": "crash", "plugin.name": "pgoutput", "slot.name": "crash", "publication.name": "crash",
            "publication.autocreate.mode": "filtered", "key.converter.schemas.enable": "false",
            "value.converter.schemas.enable": "false", "status.update.interval.ms": "100",
            "retriable.restart.connector.wait.ms": "200", "extended.headers.enabled": "false",
        ]
        var extra = server.properties(database: Self.database)
        switch options.variant {
        case .plain: break
        case .streamedTransactions: extra["slot.stream.params"] = "streaming=on"
        case .parallelSnapshot: extra["snapshot.max.threads"] = "3"
        case .cutConnections: extra["database.port"] = proxy.map { String($0.port) }
        }
        try program.configure(
            connector: connector.merging(extra) { $1 },
            settings: ["log.num.partitions": "3"])
    }

    func run() async throws -> Report {
        var report = Report()
        var generator = SeededGenerator(seed: options.seed)
        for writer in writers {
            try writer.start(seed: generator.next(), seedRowCount: options.seedRowCount)
        }
        var process = try program.serve()
        // The disk fills once, somewhere in the middle.
        let diskFullAt = disk == nil ? -1 : Int.random(in: 1...max(1, options.killCount - 2), using: &generator)
        if disk == nil, options.fillsDisk {
            report.notes.append("the disk was not filled: no tmpfs can be mounted here")
        }

        while (report.faults[.kill] ?? 0) + (report.faults[.killWhileServerIsDown] ?? 0) < options.killCount {
            let killCount = report.faults[.kill] ?? 0
            // The first kills come soon after the start, while the snapshot is read.
            let pause = killCount < (options.variant == .plain ? 4 : 2) ? 100...600 : 50...1_800
            try await Task.sleep(for: .milliseconds(Int.random(in: pause, using: &generator)))
            if let exit = process.poll() {
                throw FixtureError("tailrace ended by itself with \(exit): \(process.errorOutput.suffix(3000))")
            }
            var fault = Self.fault(&generator)
            if killCount == diskFullAt, report.faults[.diskFull] == nil { fault = .diskFull }
            report.faults[fault, default: 0] += 1
            switch fault {
            case .kill:
                if try !isStreaming() { report.snapshotKillCount += 1 }
                try await process.killAndWait()
                process = try program.serve()
            case .walsenderTerminated:
                try server.session().query(
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL")
            case .serverStoppedImmediately: try await server.restart(.immediate)
            case .processStopped:
                process.signal(SIGSTOP)
                try await Task.sleep(for: .milliseconds(Int.random(in: 100...800, using: &generator)))
                process.signal(SIGCONT)
            case .killWhileServerIsDown:
                try await server.stop(.immediate)
                try await process.killAndWait()
                process = try program.serve()
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...500, using: &generator)))
                try await server.start()
            case .diskFull:
                try await fillDisk(process)
            }
        }
        if let proxy {
            try await eventually("fifteen connections are cut", within: .seconds(120)) { proxy.cutCount >= 15 }
            proxy.stopCutting()
            report.notes.append("\(proxy.cutCount) connections cut")
        }
        for writer in writers { try await writer.stop() }
        try await awaitCaughtUp(process)
        process.signal(SIGTERM)
        let exit = try await process.waitForExit()
        if exit != .code(0) { report.findings.append("a stop on SIGTERM ended with \(exit)") }

        let events = try await LogReading(program: program).events(topicPrefix: "crash.public.")
        report.eventCount = events.count
        for writer in writers {
            let history = writer.history
            report.changeCount += history.changeCount
            let own = events.filter { $0.table.hasSuffix("_\(writer.workload.writer)") }
            report.findings += HistoryCheck.findings(history: history, events: own)
        }
        return report
    }

    private static func fault(_ generator: inout SeededGenerator) -> Fault {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0...1: .walsenderTerminated
        case 2...3: .serverStoppedImmediately
        case 4...5: .processStopped
        case 6: .killWhileServerIsDown
        default: .kill
        }
    }

    private func isStreaming() throws -> Bool {
        try server.session().value("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") != "0"
    }

    private func fillDisk(_ process: ChildProcess) async throws {
        guard let disk else { return }
        try disk.fill()
        try await process.waitForOutput("TR-LOG-DISK-FULL", within: .seconds(60))
        guard process.poll() == nil else { throw FixtureError("tailrace ended when the disk was full") }
        disk.free()
    }

    private func awaitCaughtUp(_ process: ChildProcess) async throws {
        let session = try server.session()
        let target = try session.value("SELECT pg_current_wal_flush_lsn()") ?? ""
        try await eventually(
            "the slot's position reaches \(target); tailrace wrote: \(process.errorOutput.suffix(2000))",
            within: .seconds(300), every: .milliseconds(50)
        ) {
            if let exit = process.poll() {
                throw FixtureError("tailrace ended by itself with \(exit): \(process.errorOutput.suffix(3000))")
            }
            return try session.value(
                "SELECT confirmed_flush_lsn >= '\(target)' FROM pg_replication_slots WHERE slot_name = 'crash'") == "t"
        }
    }
}
