public import ChangeModel

/// One row of `pg_replication_slots`, with who uses the slot.
public struct SlotStatus: Sendable, Equatable {
    public enum WALStatus: String, Sendable {
        case reserved, extended, unreserved, lost
    }

    public var name: String
    /// nil for a physical slot.
    public var plugin: String?
    /// nil for a physical slot.
    public var database: String?
    public var isActive: Bool
    /// The walsender that uses the slot.
    public var activePID: Int32?
    /// `address (application)` of that walsender's client, where we may see it.
    public var activeClient: String?
    public var catalogXmin: UInt64?
    public var restartLSN: LSN?
    public var confirmedFlushLSN: LSN?
    /// nil on servers before 13, and for a slot that reserves nothing.
    public var walStatus: WALStatus?
    /// How many bytes may be written before the slot is in danger of losing WAL; nil without a limit.
    public var safeWALByteCount: Int64?
    /// Why the slot cannot be used any more; nil when it can.
    public var invalidationReason: String?
    /// How far the server's WAL is ahead of the slot's restart position, in bytes.
    public var retainedByteCount: Int64?
    /// How far the server's WAL is ahead of what was confirmed, in bytes.
    public var lagByteCount: Int64?

    /// True when the slot can never be read from again.
    public var isInvalidated: Bool { walStatus == .lost || invalidationReason != nil }
}
