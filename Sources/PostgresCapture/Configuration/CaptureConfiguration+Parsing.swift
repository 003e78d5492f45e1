import ChangeModel
import DebeziumFormat
import Foundation

extension CaptureConfiguration {
    /// What a property map says, and which of its properties do nothing here.
    public struct Parsed: Sendable {
        public var configuration: CaptureConfiguration
        /// Sentences, one for each property that was accepted and has no effect.
        public var notes: [String]
    }

    /// Reads a connector's property map under the names of Debezium and Kafka Connect.
    /// - Parameters:
    ///   - version: Tailrace's own version, for `source.version`.
    ///   - runID: a UUID made at each start.
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    public static func parse(
        properties: [String: String], version: String, runID: String
    ) throws(ConfigurationError) -> Parsed {
        var reader = PropertyReader(properties)
        let processors = reader.list("post.processors")
        reader.checkAll(processors: processors)

        let events = EventConfiguration(reading: &reader, version: version, runID: runID)
        let connection = ConnectionSettings(reading: &reader)
        let name = reader.string("name") ?? events.topicPrefix
        var result = CaptureConfiguration(name: name, events: events, connection: connection)
        result.queryTimeout = reader.duration("database.query.timeout.ms", zeroMeansNone: 600_000)
        result.slot = SlotSettings(reading: &reader)
        result.publication = PublicationSettings(reading: &reader)
        result.snapshot = SnapshotSettings(reading: &reader)
        result.incremental = IncrementalSnapshotSettings(reading: &reader)
        result.signals = SignalSettings(reading: &reader)
        result.notifications.channels = reader.choices("notification.enabled.channels", [])
        result.heartbeat.interval = reader.duration("heartbeat.interval.ms", zeroMeansNone: 0)
        result.heartbeat.actionQuery = reader.string("heartbeat.action.query")
        result.stream = StreamSettings(reading: &reader)
        result.filters = CaptureFilters(reading: &reader, signalTable: result.signals.table)
        result.reselect = ReselectSettings(reading: &reader, processors: processors)
        let retries = reader.integer("errors.max.retries", -1)
        result.retries.countMax = retries < 0 ? nil : retries
        result.retries.restartDelay = reader.duration("retriable.restart.connector.wait.ms", .milliseconds(10_000))
        result.topics = TopicCreationSettings(reading: &reader)
        result.keyRegistry = ConverterRegistry(reading: &reader, converter: "key.converter")
        result.valueRegistry = ConverterRegistry(reading: &reader, converter: "value.converter")

        guard reader.problems.isEmpty else { throw ConfigurationError(problems: reader.problems) }
        return Parsed(configuration: result, notes: reader.notes)
    }
}

extension ConnectionSettings {
    /// libpq's options that `driver.` takes beyond what `database.*` sets.
    static let driverOptions: Set<String> = [
        "application_name", "channel_binding", "client_encoding", "connect_timeout", "fallback_application_name",
        "gssdelegation", "gssencmode", "gsslib", "hostaddr", "keepalives_count", "keepalives_idle",
        "keepalives_interval", "krbsrvname", "load_balance_hosts", "options", "passfile", "require_auth",
        "requirepeer", "service", "sslcertmode", "sslcompression", "sslcrl", "sslcrldir", "ssl_max_protocol_version",
        "ssl_min_protocol_version", "sslnegotiation", "sslsni", "target_session_attrs", "tcp_user_timeout",
    ]

    init(reading reader: inout PropertyReader) {
        var keywords: [String: String] = [:]
        let direct = [
            ("database.hostname", "host"), ("database.user", "user"), ("database.password", "password"),
            ("database.dbname", "dbname"), ("database.sslcert", "sslcert"), ("database.sslkey", "sslkey"),
            ("database.sslpassword", "sslpassword"), ("database.sslrootcert", "sslrootcert"),
        ]
        for (property, keyword) in direct {
            // A password's blanks belong to it.
            let value = keyword.hasSuffix("password") ? reader.properties[property] : reader.string(property)
            if let value, !value.isEmpty { keywords[keyword] = value }
        }
        keywords["port"] = String(reader.integer("database.port", 5432))
        keywords["sslmode"] = reader.string("database.sslmode")?.lowercased() ?? "prefer"
        if !reader.boolean("database.tcpKeepAlive", true) { keywords["keepalives"] = "0" }
        for (name, option, value) in reader.family("driver.") {
            if Self.driverOptions.contains(option) {
                keywords[option] = value
            } else {
                let suggestion = ClosestName.to(option, among: Self.driverOptions.sorted())
                reader.report(
                    name,
                    "property '\(name)' is not a connection option of libpq"
                        + (suggestion.map { "; did you mean 'driver.\($0)'?" } ?? ""))
            }
        }
        self.init(
            keywords: keywords,
            connectTimeout: reader.duration("connection.validation.timeout.ms", .milliseconds(60_000)),
            initialStatements: Self.statements(reader.string("database.initial.statements") ?? ""))
    }

    /// Splits at semicolons; two in a row are one within a statement.
    static func statements(_ text: String) -> [String] {
        text.replacingOccurrences(of: ";;", with: "\u{0}").split(separator: ";")
            .map { $0.replacingOccurrences(of: "\u{0}", with: ";").trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty }
    }
}

extension SlotSettings {
    init(reading reader: inout PropertyReader) {
        self.init()
        if let value = reader.string("slot.name") {
            name = value
            let isValid =
                (1...63).contains(value.utf8.count)
                && value.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
            if !isValid {
                reader.report(
                    "slot.name",
                    "property 'slot.name' is '\(value)'; accepted are up to 63 lower-case letters, digits and underscores"
                )
            }
        }
        dropsOnStop = reader.boolean("slot.drop.on.stop", false)
        failover = reader.boolean("slot.failover", false)
        retryCountMax = reader.integer("slot.max.retries", 6)
        retryDelay = reader.duration("slot.retry.delay.ms", .milliseconds(10_000))
        mismatch = reader.choice("offset.mismatch.strategy", .noValidation)
        let property = "slot.stream.params"
        let accepted = ["binary", "messages", "origin", "streaming", "two_phase"]
        for part in (reader.string(property) ?? "").split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, accepted.contains(pair[0]) else {
                reader.report(
                    property,
                    "property '\(property)': '\(part)' is not accepted; write name=value pairs of "
                        + "\(accepted.joined(separator: ", ")), separated by semicolons")
                continue
            }
            streamParameters.append((name: pair[0], value: pair[1]))
        }
    }
}

extension PublicationSettings {
    init(reading reader: inout PropertyReader) {
        self.init()
        name = reader.string("publication.name") ?? name
        autocreate = reader.choice("publication.autocreate.mode", .allTables)
        publishesViaPartitionRoot = reader.boolean("publish.via.partition.root", false)
        skippedOperations = EventConfiguration.skippedOperations(reader) ?? []
        let property = "replica.identity.autoset.values"
        var rules: [(tables: NameExpressions, choice: ReplicaIdentityChoice)] = []
        for part in NameExpressions.split(reader.string(property) ?? "") {
            guard let colon = part.lastIndex(of: ":"),
                let tables = try? NameExpressions(String(part[..<colon])), !tables.isEmpty,
                let choice = ReplicaIdentityChoice(part[part.index(after: colon)...])
            else {
                reader.report(
                    property,
                    "property '\(property)': '\(part)' is not accepted; write an expression for tables, a colon, and "
                        + "DEFAULT, FULL, NOTHING or INDEX with an index's name")
                continue
            }
            rules.append((tables, choice))
        }
        setsReplicaIdentity = !rules.isEmpty
        let found = rules
        replicaIdentity = { table in found.first { $0.tables.matches(table.description) }?.choice }
    }
}

extension ReplicaIdentityChoice {
    init?(_ text: Substring) {
        let words = text.split(separator: " ")
        switch (words.first?.uppercased(), words.count) {
        case ("DEFAULT", 1): self = .default
        case ("FULL", 1): self = .full
        case ("NOTHING", 1): self = .nothing
        case ("INDEX", 2): self = .index(String(words[1]))
        default: return nil
        }
    }
}
