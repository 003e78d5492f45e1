/// Every property of a PostgreSQL connector that Tailrace knows, in the order of the reference.
public enum PropertyRegistry {
    public static let all: [PropertyDefinition] =
        connector + connection + slot + filters + snapshot + signals + events + converters + topics + runtime

    private static let exact: [String: PropertyDefinition] = Dictionary(
        all.filter { !$0.isFamily }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    private static let families: [PropertyDefinition] = all.filter(\.isFamily)

    /// The definition that a property falls under; nil when it is not known.
    public static func definition(of property: String) -> PropertyDefinition? {
        exact[property] ?? families.first { $0.matches(property) }
    }

    /// What somebody may have meant who wrote an unknown property.
    public static func suggestion(for property: String) -> String? {
        ClosestName.to(property, among: all.lazy.filter { !$0.isFamily }.map(\.name))
    }

    private static let anyCount = 1...Int(Int32.max)
    private static let anyCountOrZero = 0...Int(Int32.max)

    static let connector: [PropertyDefinition] = [
        .init("name", .connector, "The connector's name; also names its position in the log."),
        .init(
            "connector.class", .connector, .choice(ConnectorNames.classes), required: true,
            "The kind of connector."),
        .init(
            "tasks.max", .connector, .integer(anyCount), default: "1",
            .noEffect("a PostgreSQL connector is always one task"), "How many tasks the connector may be split into."),
        .init(
            "tasks.max.enforce", .connector, .boolean, default: "true",
            .noEffect("a PostgreSQL connector is always one task"), "Whether tasks.max is a hard limit."),
        .init(
            "topic.prefix", .connector, required: true,
            "The logical name of the source: the first part of every topic's name."),
        .init(
            "exactly.once.support", .connector, .choice(["requested", "required"]), default: "requested",
            "Whether the connector must be exactly once; it always is."),
        .init(
            "transaction.boundary", .connector, .choice(["poll", "interval", "connector"]), default: "poll",
            .only(["poll"], "records and position become durable together in groups the log chooses"),
            "Where Connect commits producer transactions."),
        .init(
            "transforms", .connector, .list,
            .refused("single message transforms are not available in this version"), "Single message transforms."),
        .init(
            "transforms.<transform>", .connector,
            .refused("single message transforms are not available in this version"), "A transform's settings."),
        .init(
            "predicates", .connector, .list,
            .refused("single message transforms are not available in this version"), "Predicates of transforms."),
        .init(
            "predicates.<predicate>", .connector,
            .refused("single message transforms are not available in this version"), "A predicate's settings."),
        .init(
            "config.action.reload", .connector, .choice(["none", "restart"]), default: "restart",
            .noEffect("secrets are read when the connector starts"), "What happens when an external secret changes."),
        .init(
            "offsets.storage.topic", .connector,
            .refused("positions are kept in the topic 'connect-offsets' of the log"), "A topic for source positions."),
    ]

    static let connection: [PropertyDefinition] = [
        .init(
            "database.hostname", .connection, required: true,
            "The server's name or address, several separated by commas, or the directory of its Unix socket."),
        .init("database.port", .connection, .integer(1...65535), default: "5432", "The server's port."),
        .init("database.user", .connection, required: true, "The role to connect as."),
        .init(
            "database.password", .connection, .password,
            "The role's password; without it libpq's password file and PGPASSWORD are used."),
        .init("database.dbname", .connection, required: true, "The database to capture."),
        .init(
            "database.sslmode", .connection,
            .choice(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]), default: "prefer",
            "Whether the connection is encrypted and the server's certificate checked."),
        .init("database.sslcert", .connection, "The client's certificate (a PEM file)."),
        .init("database.sslkey", .connection, "The client's private key (a PEM file)."),
        .init("database.sslpassword", .connection, .password, "The password of the client's private key."),
        .init(
            "database.sslrootcert", .connection, "The certificates that the server's is checked against (a PEM file)."),
        .init(
            "database.sslfactory", .connection,
            .refused("it names a Java class; use database.sslmode"), "A Java class that makes TLS sockets."),
        .init(
            "database.tcpKeepAlive", .connection, .boolean, default: "true",
            "Whether TCP keep-alive probes are sent."),
        .init(
            "database.initial.statements", .connection,
            "SQL statements separated by semicolons (`;;` is a semicolon within one), run on each connection that reads tables."
        ),
        .init(
            "database.query.timeout.ms", .connection, .milliseconds, default: "600000",
            "How long one catalog query may take; 0 is no limit."),
        .init(
            "connection.validation.timeout.ms", .connection, .milliseconds, default: "60000",
            "How long one attempt to connect may take."),
        .init(
            "driver.<option>", .connection,
            "A further connection option of libpq by libpq's name, for instance driver.channel_binding."),
    ]

    static let slot: [PropertyDefinition] = [
        .init(
            "plugin.name", .slot, .choice(["pgoutput", "decoderbufs"]), default: "pgoutput",
            .only(["pgoutput"], "pgoutput is in every PostgreSQL from version 10 on"),
            "The logical decoding plug-in."),
        .init("slot.name", .slot, default: "debezium", "The replication slot; created when it does not exist."),
        .init(
            "slot.drop.on.stop", .slot, .boolean, default: "false",
            "Whether a stop drops the slot: changes made while the connector is stopped are then lost to it."),
        .init(
            "slot.failover", .slot, .boolean, default: "false",
            "Whether the slot is synchronised to standbys (PostgreSQL 17 and newer)."),
        .init(
            "slot.stream.params", .slot,
            "Options of pgoutput as name=value pairs separated by semicolons."),
        .init(
            "slot.max.retries", .slot, .integer(anyCountOrZero), default: "6",
            "How often a failed attempt to use the slot is repeated."),
        .init(
            "slot.retry.delay.ms", .slot, .milliseconds, default: "10000", "The wait between these attempts."),
        .init(
            "slot.seek.to.known.offset.on.start", .slot, .boolean, default: "false",
            .only(["false"], "use offset.mismatch.strategy=trust_offset"),
            "Former name of offset.mismatch.strategy=trust_offset."),
        .init(
            "offset.mismatch.strategy", .slot,
            .choice(["no_validation", "trust_offset", "trust_slot", "trust_greater_lsn"]), default: "no_validation",
            "What happens when the slot stands elsewhere than the stored position."),
        .init("publication.name", .slot, default: "dbz_publication", "The publication to read."),
        .init(
            "publication.autocreate.mode", .slot, .choice(["all_tables", "disabled", "filtered", "no_tables"]),
            default: "all_tables", "Whether and for which tables the publication is created."),
        .init(
            "publish.via.partition.root", .slot, .boolean, default: "false",
            "Whether changes of partitions come under their root table's name."),
        .init(
            "replica.identity.autoset.values", .slot,
            "Replica identities to set at the start: table expressions with DEFAULT, FULL, NOTHING or INDEX name."),
        .init(
            "status.update.interval.ms", .slot, .milliseconds, default: "10000",
            "How often the server is told our position."),
        .init(
            "xmin.fetch.interval.ms", .slot, .milliseconds, default: "0",
            "How often the slot's xmin is read for source.xmin; 0 is never."),
        .init(
            "lsn.flush.mode", .slot, .choice(["connector", "connector_and_driver", "manual"]), default: "connector",
            "Who moves the slot forward: with manual, nobody here does, and WAL piles up until you do."),
        .init(
            "flush.lsn.source", .slot, .boolean, default: "true", "Former form of lsn.flush.mode: false is manual."),
        .init(
            "lsn.flush.timeout.ms", .slot, .milliseconds, default: "30000",
            .noEffect("reporting a position does not wait for the server"), "How long a flush of the position may take."
        ),
        .init(
            "lsn.flush.timeout.action", .slot, .choice(["fail", "warn", "ignore"]), default: "fail",
            .noEffect("reporting a position does not wait for the server"), "What happens when it takes longer."),
    ]

    static let filters: [PropertyDefinition] = [
        .init("schema.include.list", .filters, .expressions, "Schemas to capture; all when empty."),
        .init("schema.exclude.list", .filters, .expressions, "Schemas not to capture."),
        .init("table.include.list", .filters, .expressions, "Tables to capture, as schema.table; all when empty."),
        .init("table.exclude.list", .filters, .expressions, "Tables not to capture, as schema.table."),
        .init(
            "table.ignore.builtin", .filters, .boolean, default: "true",
            .only(["true"], "the server's own tables cannot be captured"),
            "Whether the server's own tables are left out."),
        .init(
            "column.include.list", .filters, .expressions,
            "Columns that events hold, as schema.table.column; all when empty."),
        .init(
            "column.exclude.list", .filters, .expressions, "Columns that events leave out, as schema.table.column."),
        .init("message.prefix.include.list", .filters, .expressions, "Prefixes of logical messages to capture."),
        .init("message.prefix.exclude.list", .filters, .expressions, "Prefixes of logical messages not to capture."),
        .init(
            "skipped.operations", .filters, .choices(["c", "r", "u", "d", "t", "m", "none"]), default: "t",
            "Operations that make no events; none skips nothing."),
        .init(
            "guardrail.collections.max", .filters, .integer(anyCountOrZero), default: "0",
            "The most tables that may be captured; 0 is no limit."),
        .init(
            "guardrail.collections.limit.action", .filters, .choice(["warn", "fail"]), default: "warn",
            "What happens when there are more."),
    ]
}

/// The names a PostgreSQL connector goes by.
public enum ConnectorNames {
    public static let classes = [
        "io.debezium.connector.postgresql.PostgresConnector", "PostgresConnector", "Postgres",
    ]
}
