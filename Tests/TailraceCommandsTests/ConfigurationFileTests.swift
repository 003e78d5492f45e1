import PostgresCapture
import Telemetry
import Testing

@testable import TailraceCommands

@Suite("tailrace.yaml")
struct ConfigurationFileTests {
    private let secrets = SecretResolver(
        environment: ["PGPASSWORD": "hunter2", "PORT": "9"],
        readFile: { path in
            guard path == "/run/secrets/db" else { throw SecretResolver.Failure(message: "none") }
            return "user=app\npassword=hunter3\n"
        })

    private func problems(_ text: String) -> [String] {
        do {
            let configuration = try ConfigurationFile.parse(text, secrets: secrets)
            _ = try ConnectorPlan(configuration, file: "tailrace.yaml", secrets: secrets)
            return []
        } catch { return error.messages }
    }

    private let shop = """
        connectors:
          - name: shop
            connector.class: io.debezium.connector.postgresql.PostgresConnector
            topic.prefix: shop
            database.hostname: localhost
            database.user: ${file:/run/secrets/db:user}
            database.password: ${env:PGPASSWORD}
            database.dbname: shop

        """

    @Test("settings may be nested or dotted, lists take commas, and references are resolved late")
    func reading() throws {
        let text =
            "data:\n  directory: /var/lib/tailrace\ntelemetry.listen: '[::1]:${env:PORT}'\nlog:\n  flush: interval\n  retention.ms: 5\n"
            + shop + "    table.include.list: [public.orders, public.products]\n"
        let configuration = try ConfigurationFile.parse(text, secrets: secrets)
        #expect(configuration.dataDirectory == "/var/lib/tailrace")
        #expect(configuration.telemetryAddress?.description == "[::1]:9")
        #expect(configuration.log.flush == .interval)
        #expect(configuration.log.topicDefaults == ["retention.ms": "5"])
        let entry = try #require(configuration.connectors.first)
        #expect(entry.properties["database.password"]?.value == "${env:PGPASSWORD}")
        #expect(entry.properties["table.include.list"]?.value == "public.orders,public.products")
        let plan = try ConnectorPlan(configuration, file: "tailrace.yaml", secrets: secrets)
        let keywords = try #require(plan.connectors.first).configuration.connection.keywords
        #expect(keywords["password"] == "hunter2")
        #expect(keywords["user"] == "app")
    }

    @Test("a misspelt property is named with its connector, its line and the closest known one")
    func misspelt() {
        #expect(
            problems(shop + "    table.inclde.list: public.a\n") == [
                "connectors[0] 'shop': property 'table.inclde.list' is not known; did you mean 'table.include.list'? "
                    + "(tailrace.yaml:9)"
            ])
    }

    @Test("all errors of a file come at once, in the order of its lines")
    func allAtOnce() {
        let found = problems(
            """
            datadirectory: x
            telemetry:
              listen: nowhere
            connectors:
              - name: a
              - connector.class: Postgres
            """)
        #expect(found.count == 3)
        #expect(found[0].hasPrefix("setting 'datadirectory' is not known; did you mean 'data.directory'?"))
        #expect(
            found[1]
                == "setting 'telemetry.listen' is 'nowhere'; accepted is host:port with a numeric address, a port alone, or off (tailrace.yaml:3)"
        )
        #expect(found[2].contains("connectors[1]: property 'name' is required"))
    }

    @Test("a reference that cannot be followed is an error that names it")
    func references() {
        #expect(
            problems(shop + "    slot.name: ${env:SLOT}\n") == [
                "connectors[0] 'shop': property 'slot.name': the environment variable 'SLOT' of '${env:SLOT}' is not set "
                    + "(tailrace.yaml:9)"
            ])
        #expect(problems(shop + "    slot.name: ${secretsmanager:a:b}\n").first?.contains("Secrets Manager") == true)
        #expect(problems(shop + "    slot.name: ${file:/nowhere:b}\n").first?.contains("cannot be read") == true)
    }

    @Test("connectors must not share names, prefixes or slots")
    func sharing() {
        let found = problems(shop + shop.split(separator: "\n").dropFirst().joined(separator: "\n"))
        #expect(found.count == 1)
        #expect(found[0].contains("'name' is 'shop', which connectors[0] has already"))
        let second = shop.split(separator: "\n").dropFirst().joined(separator: "\n").replacing(
            "name: shop", with: "name: b")
        #expect(problems(shop + second).filter { $0.contains("the same as that of") }.count == 2)
    }

    @Test(
        "what is not a configuration is refused without a trap",
        arguments: ["- a", "a: [", "connectors: 5", "connectors: [5]", "a: &x 1\nb: *x", "\t", "a: 1\na: 2", "{{{{"])
    func hostile(text: String) {
        #expect(!problems(text).isEmpty)
    }

    @Test("no message shows a secret")
    func secretsStayHidden() {
        let found = problems(shop + "    slot.name: X\n    database.port: ${env:PGPASSWORD}x\n    zzz: 1\n")
        #expect(found.count == 3)
        #expect(!found.joined().contains("hunter2"))
    }
}
