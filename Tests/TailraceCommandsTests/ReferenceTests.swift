import Foundation
import PostgresCapture
import Testing

@testable import TailraceCommands

@Suite("Reference and starter configuration")
struct ReferenceTests {
    @Test("Docs/configuration.md is what 'tailrace properties --markdown' prints")
    func reference() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Docs/configuration.md")
        #expect(try String(contentsOf: file, encoding: .utf8) == ConfigurationReference.markdown())
    }

    @Test("the configuration that init writes is valid and holds no password")
    func starter() throws {
        let target = try ConnectionTarget("postgresql://app:hunter2@db.example.com:6543/My-Shop?sslmode=require")
        var starter = StarterConfiguration(target: target)
        starter.tables = ["public.orders", "public.log"]
        starter.keylessTables = ["public.log"]
        let text = starter.render()
        #expect(!text.contains("hunter2"))
        let secrets = SecretResolver(
            environment: [StarterConfiguration.passwordVariable: "x"],
            readFile: { throw SecretResolver.Failure(message: "no file '\($0)'") })
        let configuration = try ConfigurationFile.parse(text, secrets: secrets)
        let plan = try ConnectorPlan(configuration, file: "tailrace.yaml", secrets: secrets)
        let keywords = try #require(plan.connectors.first).configuration.connection.keywords
        #expect(keywords["host"] == "db.example.com")
        #expect(keywords["port"] == "6543")
        #expect(keywords["dbname"] == "My-Shop")
        #expect(keywords["sslmode"] == "require")
    }

    @Test("a malformed database URL is refused with libpq's reason")
    func malformed() {
        #expect(throws: ConnectionTarget.Malformed.self) { try ConnectionTarget("postgresql://[::1") }
        #expect(throws: ConnectionTarget.Malformed.self) { try ConnectionTarget("nonsense=1") }
    }

    @Test("connector files are properties, Connect's JSON or YAML")
    func connectorFiles() throws {
        #expect(try ConnectorFile.parse("a=b\n", path: "x.properties") == ["a": "b"])
        #expect(
            try ConnectorFile.parse(#"{"name":"n","config":{"a":"b","c":1}}"#, path: "x.json")
                == ["name": "n", "a": "b", "c": "1"])
        #expect(
            try ConnectorFile.parse("connectors:\n  - name: n\n    l: [a, b]\n", path: "x.yaml") == [
                "name": "n", "l": "a,b",
            ])
    }

    @Test("the demonstration's numbers are readable")
    func numbers() {
        #expect(DemoScreen.grouped(1_234_567) == "1,234,567")
        #expect(DemoScreen.size(1536) == "1.5 KiB")
        #expect(DemoScreen.sparkline([0, 1, 2]) == "▁▅█")
    }

    @Test("durations are told in two units at most")
    func durations() {
        #expect(SnapshotLine.duration(.seconds(42)) == "42 s")
        #expect(SnapshotLine.duration(.seconds(200)) == "3 min 20 s")
        #expect(SnapshotLine.duration(.seconds(7500)) == "2 h 5 min")
        #expect(SnapshotLine.duration(.seconds(-1)) == "0 s")
    }

    @Test("tables pad their columns")
    func table() {
        var table = TextTable(["A", "B"], right: [1])
        table.add(["x", "10"])
        #expect(table.rendered(style: .plain) == "A   B\nx  10\n")
    }
}
