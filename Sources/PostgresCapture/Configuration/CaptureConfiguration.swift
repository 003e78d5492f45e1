public import ChangeModel
public import DebeziumFormat
public import RecordTransport

/// Everything one PostgreSQL connector is told: the connector's property map, checked and typed.
///
/// Each field names the property of Debezium's PostgreSQL connector 3.6 it comes from and carries that property's
/// default. What a field leaves out (converters, transforms) is not part of capture.
public struct CaptureConfiguration: Sendable {
    /// `name`: the connector's name, also the source's name in the log.
    public var name: String
    /// What decides the events' bytes.
    public var events: EventConfiguration
    /// `database.*`: how the server is reached.
    public var connection: ConnectionSettings
    /// `database.query.timeout.ms`; nil (0) waits for ever. The snapshot's own reads are not subject to it.
    public var queryTimeout: Duration? = .milliseconds(600_000)
    public var slot = SlotSettings()
    public var publication = PublicationSettings()
    public var snapshot = SnapshotSettings()
    public var incremental = IncrementalSnapshotSettings()
    public var signals = SignalSettings()
    public var notifications = NotificationSettings()
    public var heartbeat = HeartbeatSettings()
    public var stream = StreamSettings()
    public var filters = CaptureFilters()
    public var reselect: ReselectSettings?
    public var retries = RetrySettings()
    public var topics = TopicCreationSettings()
    /// The registries of `key.converter` and `value.converter`; nil where the converter needs none. Whoever runs the
    /// connector sets ``events``' `keySchemas` and `valueSchemas` by them.
    public var keyRegistry: ConverterRegistry?
    public var valueRegistry: ConverterRegistry?

    public init(name: String, events: EventConfiguration, connection: ConnectionSettings) {
        self.name = name
        self.events = events
        self.connection = connection
    }
}

/// `snapshot.*`
public struct SnapshotSettings: Sendable, Equatable {
    /// `snapshot.mode`; Debezium's former name `never` is read as `noData`.
    public enum Mode: String, Sendable, CaseIterable {
        case always, initial
        case initialOnly = "initial_only"
        case noData = "no_data"
        case whenNeeded = "when_needed"
        case configurationBased = "configuration_based"
    }
    public enum Locking: String, Sendable, CaseIterable { case none, shared }
    public enum RowCountOrder: String, Sendable, CaseIterable { case disabled, ascending, descending }
    /// `snapshot.mode.configuration.based.*`
    public struct ConfigurationBased: Sendable, Equatable {
        public var snapshotData = false
        public var snapshotSchema = false
        public var startStream = false
        public var snapshotOnSchemaError = false
        public var snapshotOnDataError = false
        public init() {}
    }

    public var mode = Mode.initial
    public var configurationBased = ConfigurationBased()
    /// `snapshot.locking.mode`
    public var locking = Locking.none
    /// `snapshot.lock.timeout.ms`
    public var lockTimeout = Duration.milliseconds(10_000)
    /// `snapshot.delay.ms`
    public var delay = Duration.zero
    /// `streaming.delay.ms`: between the snapshot's end and the stream's start.
    public var streamingDelay = Duration.zero
    /// `snapshot.max.threads`
    public var threadCountMax = 1
    /// `snapshot.tables.order.by.row.count`
    public var rowCountOrder = RowCountOrder.disabled
    /// `snapshot.select.statement.overrides` with its `.<schema>.<table>` properties.
    public var selectOverrides: [TableID: String] = [:]
    public init() {}
}

/// `incremental.snapshot.*`
public struct IncrementalSnapshotSettings: Sendable, Equatable {
    public enum Watermarking: String, Sendable, CaseIterable {
        case insertInsert = "insert_insert"
        case insertDelete = "insert_delete"
    }
    /// `incremental.snapshot.chunk.size`, rows
    public var chunkRowCount = 1024
    /// `incremental.snapshot.watermarking.strategy`
    public var watermarking = Watermarking.insertInsert
    /// `read.only`: watermarks come from `pg_current_snapshot()` and nothing is written to the source.
    public var isReadOnly = false
    public init() {}
}

/// `signal.*`
public struct SignalSettings: Sendable, Equatable {
    public enum Channel: String, Sendable, CaseIterable { case source, file }
    /// `signal.data.collection`
    public var table: TableID?
    /// `signal.enabled.channels`
    public var channels: Set<Channel> = [.source]
    /// `signal.poll.interval.ms`
    public var pollInterval = Duration.milliseconds(5000)
    /// `signal.file`
    public var filePath = "file-signals.txt"
    public init() {}
}

/// `notification.*`
public struct NotificationSettings: Sendable, Equatable {
    public enum Channel: String, Sendable, CaseIterable { case sink, log }
    /// `notification.enabled.channels`; ``EventConfiguration/notificationTopic`` is set exactly when `sink` is in it.
    public var channels: Set<Channel> = []
    public init() {}
}

/// `heartbeat.*`
public struct HeartbeatSettings: Sendable, Equatable {
    /// `heartbeat.interval.ms`; nil (0) sends none.
    public var interval: Duration?
    /// `heartbeat.action.query`
    public var actionQuery: String?
    public init() {}
}

/// The stream's own settings.
public struct StreamSettings: Sendable, Equatable {
    /// `status.update.interval.ms`
    public var statusInterval = Duration.milliseconds(10_000)
    /// `xmin.fetch.interval.ms`; nil (0) leaves `source.xmin` null.
    public var xminInterval: Duration?
    /// `lsn.flush.mode=manual` (or `flush.lsn.source=false`): the slot is never acknowledged by us.
    public var acknowledges = true
    public init() {}
}

/// `post.processors` of type `ReselectColumnsPostProcessor`.
public struct ReselectSettings: Sendable {
    /// `reselect.unavailable.values`
    public var unavailableValues = true
    /// `reselect.null.values`
    public var nullValues = true
    /// `reselect.use.event.key`
    public var usesEventKey = false
    /// `reselect.error.handling.mode`: true stops the connector, false (`warn`) keeps the placeholder.
    public var failsOnError = false
    /// `reselect.columns.include.list` / `.exclude.list`, matched against `schema.table:column`.
    public var isColumnIncluded: @Sendable (TableID, String) -> Bool = { _, _ in true }
    public init() {}
}

/// How failures are met.
public struct RetrySettings: Sendable, Equatable {
    /// `errors.max.retries`: restarts after a retryable failure; nil (-1) never gives up.
    public var countMax: Int?
    /// `retriable.restart.connector.wait.ms`
    public var restartDelay = Duration.milliseconds(10_000)
    public init() {}
}

/// `topic.creation.*`: what topics the connector's events go to are created with.
public struct TopicCreationSettings: Sendable {
    /// The settings of a topic that does not exist yet.
    public var settings: @Sendable (_ topic: String) -> TopicSettings = { _ in TopicSettings() }
    public init() {}
}
