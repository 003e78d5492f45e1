public import ChangeModel

/// How changes become events: the part of a connector's configuration that decides bytes. Each field is the property of
/// Debezium's PostgreSQL connector 3.6 (or of its JSON converter) that its comment names, with Debezium's default.
public struct EventConfiguration: Sendable {
    /// `topic.prefix`
    public var topicPrefix: String
    /// `source.db`: the database's name.
    public var databaseName: String
    /// `source.version`: Tailrace's own version.
    public var version: String
    /// Header `__debezium.context.connectorName` is always `postgresql`; this is `__debezium.context.taskId`.
    public var taskID = "0"
    /// Header `__debezium.context.runId`: a UUID made at each start.
    public var runID: String
    /// `extended.headers.enabled`
    public var contextHeaders = true

    // Names
    /// `topic.delimiter`
    public var topicDelimiter = "."
    /// `topic.naming.strategy`
    public var topicNaming = TopicNaming.schema
    /// `topic.heartbeat.prefix`
    public var heartbeatTopicPrefix = "__debezium-heartbeat"
    /// `topic.transaction`
    public var transactionTopic = "transaction"
    /// `notification.sink.topic.name`, when the `sink` channel is enabled
    public var notificationTopic: String?
    /// `schema.name.adjustment.mode`
    public var schemaNameAdjustment = NameAdjustment.none
    /// `field.name.adjustment.mode`
    public var fieldNameAdjustment = NameAdjustment.none

    // Values
    /// `decimal.handling.mode`
    public var decimal = DecimalHandling.precise
    /// `time.precision.mode`
    public var timePrecision = TimePrecision.adaptive
    /// `interval.handling.mode`
    public var interval = IntervalHandling.numeric
    /// `binary.handling.mode`
    public var binary = BinaryHandling.bytes
    /// `hstore.handling.mode`
    public var hstore = HstoreHandling.json
    /// `money.fraction.digits`
    public var moneyFractionDigits = 2
    /// `include.unknown.datatypes`
    public var includeUnknownDatatypes = false
    /// `unavailable.value.placeholder`
    public var unavailableValuePlaceholder = "__debezium_unavailable_value"
    /// `include.schema.comments`
    public var includeSchemaComments = false

    // Columns. The predicates take `schema.table.column`; they are asked when a table is compiled, never per row.
    /// `column.include.list` / `column.exclude.list`
    public var isColumnIncluded: @Sendable (TableID, String) -> Bool = { _, _ in true }
    /// `column.mask.*`, `column.truncate.*`: nil leaves the column as it is.
    public var columnTransform: @Sendable (TableID, String) -> ColumnTransform? = { _, _ in nil }
    /// `column.propagate.source.type`
    public var propagatesSourceType: @Sendable (TableID, String) -> Bool = { _, _ in false }
    /// `datatype.propagate.source.type`: takes the table and the type's name, matched as `schema.table.type`.
    public var propagatesDatatype: @Sendable (TableID, _ typeName: String) -> Bool = { _, _ in false }
    /// `message.key.columns`: the key's columns for a table, in order; nil leaves the primary key.
    public var messageKeyColumns: @Sendable (TableID, _ columns: [String]) -> [String]? = { _, _ in nil }

    // Events
    /// `tombstones.on.delete`
    public var tombstonesOnDelete = true
    /// `skipped.operations`
    public var skippedOperations: Set<RowOperation> = [.truncate]
    /// `provide.transaction.metadata`
    public var transactionMetadata = false

    // Converters (`key.converter`, `value.converter`)
    public var keyFormat = JSONFormat()
    public var valueFormat = JSONFormat()
    /// Set where the converter is Avro. The JSON format then says how those values are written that become Avro by way
    /// of JSON, and keeps its ``init(schemasEnabled:numericDecimals:replaceNullWithDefault:)`` of `false`, `false`, `true`.
    public var keyAvro: AvroFormat? { didSet { if keyAvro != nil { keyFormat = JSONFormat(schemasEnabled: false) } } }
    public var valueAvro: AvroFormat? {
        didSet { if valueAvro != nil { valueFormat = JSONFormat(schemasEnabled: false) } }
    }
    /// The registries that know the schemas of keys and values; nil where no converter needs one.
    public var keySchemas: (any SchemaRegistering)?
    public var valueSchemas: (any SchemaRegistering)?
    /// `header.converter`: how structured headers (`__debezium.oldkey`, `__debezium.newkey`) become bytes.
    public var headerFormat = HeaderFormat.simple

    public init(topicPrefix: String, databaseName: String, version: String, runID: String) {
        self.topicPrefix = topicPrefix
        self.databaseName = databaseName
        self.version = version
        self.runID = runID
    }
}

/// `org.apache.kafka.connect.json.JsonConverter`'s settings.
public struct JSONFormat: Sendable, Equatable {
    /// `schemas.enable`
    public var schemasEnabled = true
    /// `decimal.format`: false is BASE64, true is NUMERIC
    public var numericDecimals = false
    /// `replace.null.with.default`
    public var replaceNullWithDefault = true
    public init(schemasEnabled: Bool = true, numericDecimals: Bool = false, replaceNullWithDefault: Bool = true) {
        self.schemasEnabled = schemasEnabled
        self.numericDecimals = numericDecimals
        self.replaceNullWithDefault = replaceNullWithDefault
    }
}

public enum HeaderFormat: Sendable, Equatable {
    /// `org.apache.kafka.connect.storage.SimpleHeaderConverter`, Connect's default: text as it stands.
    case simple
    /// `org.apache.kafka.connect.json.JsonConverter`
    case json(JSONFormat)
}

public enum TopicNaming: Sendable {
    /// `io.debezium.schema.SchemaTopicNamingStrategy`
    case schema
    /// `io.debezium.schema.DefaultTopicNamingStrategy`
    case `default`
}
public enum NameAdjustment: String, Sendable, CaseIterable {
    case none, avro
    case avroUnicode = "avro_unicode"
}
public enum DecimalHandling: String, Sendable, CaseIterable { case precise, double, string }
public enum TimePrecision: String, Sendable, CaseIterable {
    case adaptive, connect, isostring, microseconds, nanoseconds
    case adaptiveTimeMicroseconds = "adaptive_time_microseconds"
}
public enum IntervalHandling: String, Sendable, CaseIterable { case numeric, string }
public enum BinaryHandling: String, Sendable, CaseIterable {
    case bytes, base64, hex
    case base64URLSafe = "base64-url-safe"
}
public enum HstoreHandling: String, Sendable, CaseIterable { case json, map }

/// `column.mask.with.N.chars`, `column.mask.hash(.v2).ALGORITHM.with.salt.SALT`, `column.truncate.to.N.chars`.
public enum ColumnTransform: Sendable, Equatable {
    case mask(characters: Int)
    /// `v2` hashes the salt and value as bytes where the first version used Java's serialization.
    case hash(algorithm: String, salt: String, v2: Bool)
    case truncate(characters: Int)
}
