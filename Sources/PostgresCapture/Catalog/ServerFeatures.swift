/// What a server of one version can do.
public struct ServerFeatures: Sendable, Equatable {
    /// `server_version_num`: 150018 is 15.18.
    public let version: Int
    public init(version: Int) { self.version = version }

    /// The oldest server that is supported: 12.
    public static let minimumVersion = 120_000

    /// `publish_via_partition_root` of a publication.
    public var hasPartitionRootPublishing: Bool { version >= 130_000 }
    /// Binary values, protocol version 2 (streaming of transactions in progress), the option `messages`.
    public var hasStreaming: Bool { version >= 140_000 }
    public var hasLogicalMessages: Bool { version >= 140_000 }
    /// Ranges of `ctid` are read without scanning the whole table.
    public var hasTIDRangeScan: Bool { version >= 140_000 }
    /// Column lists, row filters, `FOR TABLES IN SCHEMA`.
    public var hasColumnLists: Bool { version >= 150_000 }
    /// Protocol version 3.
    public var hasTwoPhase: Bool { version >= 150_000 }
    /// Protocol version 4 (parallel streaming), the option `origin`, decoding on a standby.
    public var hasOriginFilter: Bool { version >= 160_000 }
    /// `wal_status` and `safe_wal_size` of a slot.
    public var hasSlotWALStatus: Bool { version >= 130_000 }
    /// `conflicting` of a slot.
    public var hasSlotConflict: Bool { version >= 160_000 }
    /// Slots that are synchronized to standbys, and `invalidation_reason`.
    public var hasFailoverSlots: Bool { version >= 170_000 }
    /// `pg_publication.pubgencols`, the option to publish stored generated columns.
    public var hasPublishedGeneratedColumns: Bool { version >= 180_000 }

    /// The newest pgoutput protocol version that both sides know.
    public var newestProtocolVersion: Int {
        version >= 160_000 ? 4 : version >= 150_000 ? 3 : version >= 140_000 ? 2 : 1
    }
}
