public import ChangeModel

/// `slot.*`
public struct SlotSettings: Sendable, Equatable {
    /// `offset.mismatch.strategy`: what to do when the slot and the stored position disagree.
    public enum MismatchStrategy: String, Sendable, CaseIterable {
        case noValidation = "no_validation"
        case trustOffset = "trust_offset"
        case trustSlot = "trust_slot"
        case trustGreaterLSN = "trust_greater_lsn"
    }
    /// `slot.name`
    public var name = "debezium"
    /// `slot.drop.on.stop`
    public var dropsOnStop = false
    /// `slot.failover`: asks for a failover slot where the server has them (17 and newer).
    public var failover = false
    /// `slot.stream.params`: pgoutput's options by name, in the order given (`binary`, `streaming`, `origin`, …).
    public var streamParameters: [(name: String, value: String)] = []
    /// `slot.max.retries`
    public var retryCountMax = 6
    /// `slot.retry.delay.ms`
    public var retryDelay = Duration.milliseconds(10_000)
    /// `offset.mismatch.strategy`
    public var mismatch = MismatchStrategy.noValidation
    public init() {}

    public static func == (a: SlotSettings, b: SlotSettings) -> Bool {
        a.name == b.name && a.dropsOnStop == b.dropsOnStop && a.failover == b.failover
            && a.streamParameters.elementsEqual(b.streamParameters, by: ==) && a.retryCountMax == b.retryCountMax
            && a.retryDelay == b.retryDelay && a.mismatch == b.mismatch
    }
}

/// `publication.*` and what else is set on tables at the start.
public struct PublicationSettings: Sendable {
    /// `publication.autocreate.mode`
    public enum AutocreateMode: String, Sendable, CaseIterable {
        case allTables = "all_tables"
        case disabled, filtered
        case noTables = "no_tables"
    }
    /// `publication.name`
    public var name = "dbz_publication"
    public var autocreate = AutocreateMode.allTables
    /// `publish.via.partition.root`
    public var publishesViaPartitionRoot = false
    /// `skipped.operations`, where it is set: what a publication that we create or alter leaves out. A server that does
    /// not publish an operation sends no transaction that has nothing else, which shows in `source.sequence`.
    public var skippedOperations: Set<RowOperation> = []
    /// `replica.identity.autoset.values`: the identity a captured table is to have; nil leaves it.
    public var replicaIdentity: @Sendable (TableID) -> ReplicaIdentityChoice? = { _ in nil }
    /// True when any identity is to be set: saves asking table by table.
    public var setsReplicaIdentity = false
    public init() {}
}

/// A value of `replica.identity.autoset.values`.
public enum ReplicaIdentityChoice: Sendable, Equatable {
    case `default`, full, nothing
    case index(String)
}
