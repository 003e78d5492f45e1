import PostgresCapture

/// The commented configuration that `tailrace init` writes.
struct StarterConfiguration {
    let target: ConnectionTarget
    /// What was found in the database; empty when nobody looked.
    var tables: [String] = []
    var keylessTables: [String] = []
    var serverVersion: String?

    /// Where the password comes from: never written into the file.
    static let passwordVariable = "PGPASSWORD"

    /// A name for the connector and its topics, from the database's.
    var name: String {
        let plain = target.database.lowercased().map { character -> Character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
        }
        let text = String(plain)
        return text.isEmpty ? "shop" : text
    }

    func render() -> String {
        var text = """
            # Tailrace's configuration. Check it with: tailrace serve --check
            # Values may refer to ${env:NAME} and ${file:/path:key}.

            # Everything durable lives here.
            data.directory: ./tailrace-data

            # /metrics, /healthz and /readyz; port 0 picks a free one, off serves nothing.
            telemetry.listen: 127.0.0.1:8080

            """
        text += "\n# The log. Topic settings under log. are defaults, by Kafka's names.\nlog:\n"
        text += "  compression.type: lz4\n  # retention.ms: 604800000\n  # retention.bytes: -1\n\n"
        text += "# Each connector is the property map of Debezium's PostgreSQL connector 3.6.\nconnectors:\n"
        let lines: [(name: String, value: String)] = [
            ("name", name), ("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
            ("topic.prefix", name), ("database.hostname", target.host), ("database.port", target.port),
            ("database.user", target.user), ("database.password", "${env:\(Self.passwordVariable)}"),
            ("database.dbname", target.database), ("database.sslmode", target.sslMode), ("plugin.name", "pgoutput"),
            ("slot.name", "tailrace_\(name)".prefix(63).description), ("publication.name", "tailrace_\(name)"),
            ("publication.autocreate.mode", "filtered"), ("snapshot.mode", "initial"),
            ("key.converter.schemas.enable", "false"), ("value.converter.schemas.enable", "false"),
        ]
        for (index, line) in lines.enumerated() {
            if let definition = PropertyRegistry.definition(of: line.name) { text += "    # \(definition.summary)\n" }
            // Without a password in the URL, libpq's password file or no password at all may be what is meant.
            let isComment = line.name == "database.password" && !target.hasPassword
            let start = index == 0 ? "  - " : isComment ? "    # " : "    "
            text += "\(start)\(line.name): \(Self.scalar(line.value))\n"
        }
        text += tableLines()
        text += "\n    # Often wanted:\n"
        for name in [
            "decimal.handling.mode", "time.precision.mode", "heartbeat.interval.ms", "signal.data.collection",
            "snapshot.max.threads", "skipped.operations", "column.exclude.list", "message.key.columns",
            "provide.transaction.metadata",
        ] {
            guard let definition = PropertyRegistry.definition(of: name) else { continue }
            text += "    # \(definition.summary)\n    # \(name): \(definition.defaultValue ?? "")\n"
        }
        return text
    }

    private func tableLines() -> String {
        var text = "    # Tables to capture, as expressions for schema.table; all when absent."
        if let serverVersion { text += " Found on PostgreSQL \(serverVersion):" }
        text += "\n"
        for table in tables.prefix(50) {
            let hint =
                keylessTables.contains(table)
                ? "  (no primary key: updates and deletes need REPLICA IDENTITY FULL)" : ""
            text += "    #   \(table)\(hint)\n"
        }
        if tables.count > 50 { text += "    #   … and \(tables.count - 50) more\n" }
        let example = tables.prefix(3).map { $0.replacing(".", with: "[.]") }.joined(separator: ",")
        return text + "    # table.include.list: \(example.isEmpty ? "public[.].*" : example)\n"
    }

    /// A YAML scalar: quoted where plain text would be read as something else.
    static func scalar(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.allSatisfy { $0.isLetter || $0.isNumber || "./_-${}:".contains($0) }
            && !value.hasPrefix("-") && !value.hasPrefix(":") && !value.hasPrefix("{") && !value.hasSuffix(":")
        return isPlain ? value : "'" + value.replacing("'", with: "''") + "'"
    }
}
