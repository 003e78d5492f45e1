import Foundation
import TailraceTesting
import Testing

@Suite("Wrong input")
struct WrongInputTests {
    private static let good = [
        "name": "shop", "connector.class": "io.debezium.connector.postgresql.PostgresConnector", "topic.prefix": "shop",
        "database.hostname": "127.0.0.1", "database.user": "u", "database.password": "s3cr3t", "database.dbname": "d",
    ]

    @Test("a misspelt property is refused with the closest name, before anything is touched")
    func misspeltProperty() async throws {
        let program = try TailraceProgram()
        try program.configure(connector: Self.good.merging(["table.inclde.list": "public.a"]) { $1 })
        let result = try await program.serve().waitForEnd()
        #expect(result.exit == .code(2))
        #expect(
            result.errorOutput.contains(
                "tailrace: error: connectors[0] 'shop': property 'table.inclde.list' is not known; did you mean "
                    + "'table.include.list'?"))
        #expect(!FileManager.default.fileExists(atPath: program.dataDirectory))
        #expect(!result.errorOutput.contains("s3cr3t"))
    }

    @Test("all errors of a file come at once")
    func allErrors() async throws {
        let program = try TailraceProgram()
        try program.configure(
            connector: Self.good.merging(["snapshot.mode": "sometimes", "decimal.handling.mode": "exact"]) { $1 },
            settings: ["log.flush": "maybe"])
        let result = try await program.serve().waitForEnd()
        #expect(result.exit == .code(2))
        for word in ["snapshot.mode", "decimal.handling.mode", "log.flush"] {
            #expect(result.errorOutput.contains("'\(word)'"), "\(word)")
        }
    }

    @Test("a file that is no YAML is refused with its line")
    func badYAML() async throws {
        let program = try TailraceProgram()
        try program.write(configuration: "connectors:\n  - name: [unclosed\n    x: : y\n")
        let result = try await program.serve().waitForEnd()
        #expect(result.exit == .code(2))
        #expect(result.errorOutput.contains("tailrace.yaml") && result.errorOutput.contains("line 3"))
    }

    @Test("a file that is not there is named")
    func missingFile() async throws {
        let result = try await TailraceProgram.run(["serve", "-c", "/nowhere/tailrace.yaml"])
        #expect(result.exit == .code(2))
        #expect(result.errorOutput.contains("/nowhere/tailrace.yaml"))
    }

    @Test("an unknown command and an unknown option are usage errors")
    func usage() async throws {
        for arguments in [["frobnicate"], ["serve", "--frobnicate"], ["tail"]] {
            let result = try await TailraceProgram.run(arguments)
            #expect(result.exit != .code(0), "\(arguments)")
            #expect(!result.errorOutput.isEmpty, "\(arguments)")
        }
    }

    @Test(
        "every command explains itself",
        arguments: [
            [], ["serve"], ["tail"], ["topics"], ["init"], ["doctor"], ["demo"], ["bench"], ["bench", "capture"],
        ])
    func help(command: [String]) async throws {
        let result = try await TailraceProgram.run(command + ["--help"])
        #expect(result.exit == .code(0))
        #expect(result.output.contains("USAGE: tailrace"))
    }

    @Test("a wrong password, a server without logical decoding and a missing database end with what to do")
    func serverTrouble() async throws {
        let server = try await PostgresServer.start(.init(settings: ["wal_level": "replica"]))
        let cases: [(property: [String: String], words: [String])] = [
            (["database.password": "wr0ng"], ["TR-PG-", "password"]),
            (["database.dbname": "nowhere"], ["TR-PG-", "nowhere"]),
            ([:], ["TR-PG-", "wal_level"]),
        ]
        for (properties, words) in cases {
            let program = try TailraceProgram()
            try program.configure(
                connector: shopConnector(server, database: "postgres").merging(properties) { $1 })
            let process = try program.serve()
            defer { process.signal(SIGKILL) }
            try await eventually("\(words) is told; so far: \(process.errorOutput)") {
                let text = process.errorOutput + process.output
                return words.allSatisfy { text.contains($0) }
            }
            #expect(!process.errorOutput.contains("wr0ng") && !process.errorOutput.contains(PostgresServer.password))
        }
    }

    @Test("a data directory in use, of a newer version or of somebody else is refused by name")
    func dataDirectory() async throws {
        let server = try await PostgresServer.start()
        try await server.createDatabase("shop")
        try await server.query("CREATE TABLE products (id int PRIMARY KEY)", database: "shop")
        let program = try TailraceProgram()
        try program.configure(connector: shopConnector(server))
        let first = try program.serve()
        try await eventually("the directory is in use") {
            try server.session().value("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1"
        }
        let second = try await program.serve().waitForEnd()
        #expect(second.exit == .code(1))
        #expect(second.errorOutput.contains("\(first.processID)"), "the owner's process id: \(second.errorOutput)")
        first.signal(SIGTERM)
        try await first.waitForExit()

        let foreign = try TailraceProgram()
        try FileManager.default.createDirectory(atPath: foreign.dataDirectory, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(foreign.dataDirectory)/thesis.txt"))
        try foreign.configure(connector: shopConnector(server))
        let refused = try await foreign.serve().waitForEnd()
        #expect(refused.exit == .code(1))
        #expect(refused.errorOutput.contains(foreign.dataDirectory))
        #expect(try FileManager.default.contentsOfDirectory(atPath: foreign.dataDirectory) == ["thesis.txt"])
    }
}

extension ChildProcess {
    /// Waits for the end and returns everything.
    func waitForEnd() async throws -> (exit: Exit, output: String, errorOutput: String) {
        let exit = try await waitForExit()
        return (exit, output, errorOutput)
    }
}
