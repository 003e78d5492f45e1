/// What a connector does when it starts, by `snapshot.mode` and what it finds.
public struct SnapshotDecision: Equatable, Sendable {
    public enum Snapshot: Equatable, Sendable {
        /// No rows are read.
        case none
        /// A new snapshot of every captured table.
        case begin
        /// The rest of the snapshot that the stored ledger describes.
        case resume
    }
    public var snapshot: Snapshot
    /// Whether changes are streamed afterwards.
    public var streams: Bool

    /// What the connector finds.
    public struct Situation: Equatable, Sendable {
        /// The log holds a position of this source.
        public var hasOffset: Bool
        /// The position is that of a snapshot that did not end.
        public var isSnapshotUnfinished: Bool
        /// The slot still has every change after the position (true where there is no position).
        public var isPositionAvailable: Bool
        public init(hasOffset: Bool, isSnapshotUnfinished: Bool = false, isPositionAvailable: Bool = true) {
            self.hasOffset = hasOffset
            self.isSnapshotUnfinished = isSnapshotUnfinished
            self.isPositionAvailable = isPositionAvailable
        }
    }

    /// - Throws: ``CaptureError/Code/slotInvalidated`` when changes are gone and the mode does not allow a new snapshot.
    public static func decide(_ settings: SnapshotSettings, _ found: Situation) throws(CaptureError) -> Self {
        let isLost = found.hasOffset && !found.isPositionAvailable
        // A ledger is only as good as the slot that streams what happened since: without it, everything is read again.
        let unfinished: Snapshot = isLost ? .begin : .resume
        switch settings.mode {
        case .always:
            return Self(snapshot: found.isSnapshotUnfinished ? unfinished : .begin, streams: true)
        case .initial, .initialOnly:
            let streams = settings.mode == .initial
            if found.isSnapshotUnfinished { return Self(snapshot: unfinished, streams: streams) }
            if !found.hasOffset { return Self(snapshot: .begin, streams: streams) }
            if isLost && streams { throw lost }
            return Self(snapshot: .none, streams: streams)
        case .noData:
            if isLost { throw lost }
            return Self(snapshot: .none, streams: true)
        case .whenNeeded:
            if found.isSnapshotUnfinished { return Self(snapshot: unfinished, streams: true) }
            return Self(snapshot: !found.hasOffset || isLost ? .begin : .none, streams: true)
        case .configurationBased:
            let choice = settings.configurationBased
            if isLost && choice.startStream && !choice.snapshotData && !choice.snapshotOnDataError { throw lost }
            let takes = choice.snapshotData || (isLost && choice.snapshotOnDataError)
            if found.isSnapshotUnfinished && takes { return Self(snapshot: unfinished, streams: choice.startStream) }
            return Self(snapshot: takes ? .begin : .none, streams: choice.startStream)
        }
    }

    private static var lost: CaptureError {
        CaptureError(
            code: .slotInvalidated, detail: "the slot no longer has the changes that follow the stored position",
            remedy: "Set snapshot.mode=when_needed to take a new snapshot, and raise max_slot_wal_keep_size")
    }
}
