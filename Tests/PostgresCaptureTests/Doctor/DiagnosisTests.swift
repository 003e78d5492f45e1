import ChangeModel
import Testing

@testable import PostgresCapture

@Suite("Doctor's judgement")
struct DiagnosisTests {
    private static let healthy: ServerFacts = {
        var facts = ServerFacts()
        facts.versionNumber = 150_005
        facts.version = "15.5"
        facts.database = "shop"
        facts.user = "cdc"
        facts.settings = [
            "wal_level": "logical", "max_wal_senders": "10", "max_replication_slots": "10",
            "max_slot_wal_keep_size": "50GB", "wal_sender_timeout": "1min", "ssl": "on",
        ]
        facts.canReplicate = true
        facts.canCreateInDatabase = true
        facts.isEncrypted = true
        facts.tables = [
            .init(
                id: TableID(schema: "public", table: "orders"), oid: 1, canSelect: true, isOwner: true,
                hasPrimaryKey: true, identity: .default, isUnlogged: false)
        ]
        return facts
    }()

    private static func configuration(
        _ change: (inout CaptureConfiguration) -> Void = { _ in }
    ) throws -> CaptureConfiguration {
        var configuration = try CaptureConfiguration.parse(
            properties: [
                "name": "a", "connector.class": "Postgres", "topic.prefix": "a", "database.hostname": "h",
                "database.user": "cdc", "database.dbname": "shop", "publication.autocreate.mode": "filtered",
            ], version: "1", runID: "r"
        ).configuration
        change(&configuration)
        return configuration
    }

    private func judge(
        _ configuration: CaptureConfiguration? = nil, _ change: (inout ServerFacts) -> Void = { _ in }
    ) -> [Finding] {
        var facts = Self.healthy
        change(&facts)
        return Diagnosis(facts: facts, configuration: configuration).findings()
    }

    @Test("a healthy server has no findings to mend")
    func healthy() throws {
        #expect(judge(try Self.configuration()).allSatisfy { $0.severity == .good && $0.remedy == nil })
    }

    @Test("each missing prerequisite is a failure with the statement that mends it")
    func failures() {
        func failure(_ check: String, _ change: (inout ServerFacts) -> Void) -> String {
            let found = judge(nil, change).filter { $0.severity == .failure }
            #expect(found.map(\.check) == [check])
            return found.first?.remedy ?? ""
        }
        #expect(failure("version") { $0.versionNumber = 110_000 }.contains("Upgrade"))
        #expect(failure("wal-level") { $0.settings["wal_level"] = "replica" }.contains("ALTER SYSTEM SET wal_level"))
        #expect(failure("wal-senders") { $0.usedSenderCount = 10 }.contains("max_wal_senders = 15"))
        #expect(failure("replication-slots") { $0.slotCount = 10 }.contains("max_replication_slots"))
        #expect(failure("role") { $0.canReplicate = false } == "ALTER ROLE \"cdc\" REPLICATION;")
        let managed = failure("role") {
            $0.canReplicate = false
            $0.isInRDSReplication = false
        }
        #expect(managed == "GRANT rds_replication TO \"cdc\";")
        #expect(failure("sender-timeout") { $0.settings["wal_sender_timeout"] = "5s" }.contains("5000"))
        #expect(failure("table-privileges") { $0.tables[0].canSelect = false }.contains("GRANT SELECT"))
    }

    @Test("what may hurt later is a warning, and a connector would start")
    func warnings() {
        func warning(_ check: String, _ change: (inout ServerFacts) -> Void) {
            let found = judge(nil, change).filter { $0.severity != .good }
            #expect(found.map(\.check) == [check])
            #expect(found.allSatisfy { $0.severity == .warning })
        }
        warning("wal-keep-size") { $0.settings["max_slot_wal_keep_size"] = "-1" }
        warning("tls") { $0.isEncrypted = false }
        warning("replica-identity") { $0.tables[0].hasPrimaryKey = false }
        warning("unlogged-table") { $0.tables[0].isUnlogged = true }
        warning("tables") { $0.tables = [] }
        warning("idle-slots") { $0.idleSlots = [.init(name: "old", retainedByteCount: 2 << 30)] }
        warning("open-transactions") { $0.oldestTransactionSeconds = 600 }
    }

    @Test("a publication that the connector may not make is a failure, one it makes itself is not")
    func publication() throws {
        func severity(
            _ mode: PublicationSettings.AutocreateMode, _ change: (inout ServerFacts) -> Void = { _ in }
        ) throws -> Finding.Severity? {
            let configuration = try Self.configuration { $0.publication.autocreate = mode }
            return judge(configuration, change).first { $0.check == "publication" }?.severity
        }
        #expect(try severity(.filtered) == .good)
        #expect(try severity(.filtered) { $0.tables[0].isOwner = false } == .failure)
        #expect(try severity(.allTables) == .failure)
        #expect(try severity(.allTables) { $0.isSuperuser = true } == .good)
        #expect(try severity(.disabled) == .failure)
    }

    @Test("a publication for all tables is refused where the connector is to choose its tables")
    func publicationOfAllTables() throws {
        func find(_ mode: PublicationSettings.AutocreateMode) throws -> Finding? {
            judge(try Self.configuration { $0.publication.autocreate = mode }) {
                $0.publication = Publication(
                    name: "p", isForAllTables: true, publishesInsert: true, publishesUpdate: true,
                    publishesDelete: true, publishesTruncate: true, isViaPartitionRoot: false, tableOIDs: [])
            }.first { $0.check == "publication" }
        }
        #expect(try find(.filtered)?.severity == .failure)
        #expect(try find(.allTables)?.severity == .good)
    }

    @Test("the signal table's columns, privileges and place in the publication are advice with the statement")
    func signalTable() throws {
        func remedies(
            _ table: ServerFacts.SignalTable?, _ adapt: (inout CaptureConfiguration) -> Void = { _ in }
        ) throws -> [String] {
            let configuration = try Self.configuration {
                $0.signals.table = TableID(schema: "public", table: "signals")
                $0.publication.autocreate = .disabled
                adapt(&$0)
            }
            let found = judge(configuration) {
                $0.signalTable = table
                $0.publication = Publication(
                    name: "p", isForAllTables: false, publishesInsert: true, publishesUpdate: true,
                    publishesDelete: true, publishesTruncate: true, isViaPartitionRoot: false, tableOIDs: [1, 7])
            }.filter { $0.check == "signal-table" }
            #expect(found.allSatisfy { $0.severity != .failure })
            return found.compactMap(\.remedy)
        }
        let usable = ServerFacts.SignalTable(oid: 7, columnCount: 3, canInsert: true, canDelete: false)
        #expect(try remedies(usable) == [])
        #expect(try remedies(nil).first?.hasPrefix("CREATE TABLE \"public\".\"signals\" (id ") == true)
        var table = usable
        table.columnCount = 2
        #expect(try remedies(table).count == 1)
        table = usable
        table.oid = 8
        #expect(try remedies(table).first?.hasPrefix("ALTER PUBLICATION ") == true)
        table = usable
        table.canInsert = false
        #expect(try remedies(table).first?.hasPrefix("GRANT INSERT ON ") == true)
        #expect(try remedies(table, { $0.incremental.isReadOnly = true }) == [])
        #expect(
            try remedies(usable, { $0.incremental.watermarking = .insertDelete }).first?.hasPrefix("GRANT DELETE ON ")
                == true)
    }

    @Test("every failure has a code")
    func codes() throws {
        let found = judge(try Self.configuration { $0.publication.autocreate = .disabled }) {
            $0.versionNumber = 110_000
            $0.settings["wal_level"] = "replica"
            $0.canReplicate = false
            $0.tables[0].canSelect = false
        }.filter { $0.severity == .failure }
        #expect(
            found.map(\.code) == [
                .unsupportedServer, .walLevel, .insufficientPrivilege, .insufficientPrivilege, .publicationMissing,
            ])
        let all = StartCheck.error(found)
        #expect(all?.code == .unsupportedServer)
        #expect(all?.detail.hasSuffix("; and 2 more") == true)
        #expect(StartCheck.error([]) == nil)
    }

    @Test("times are read as PostgreSQL prints them")
    func times() {
        #expect(Diagnosis.milliseconds("1min") == 60_000)
        #expect(Diagnosis.milliseconds("500ms") == 500)
        #expect(Diagnosis.milliseconds("0") == 0)
        #expect(Diagnosis.milliseconds("x") == nil)
    }
}
