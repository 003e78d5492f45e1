internal import ChangeModel

/// A partition's compaction before it begins: taken on the writing thread, carried out on another.
struct CompactionPlan<Files: FileSystem>: Sendable {
    let id: TopicPartition
    let topicID: TopicID
    let folder: String
    let configuration: TopicConfiguration
    /// The sealed segments below the last stable offset, ascending; the active one is never touched.
    let segments: [Segment<Files>]
    /// Where the segment behind them begins.
    let end: Offset
    /// The sealed segments behind them, whose transaction indexes may speak of records in them.
    let laterSegments: [Segment<Files>]
    /// The aborted transactions of the active segment.
    let activeAborted: [AbortedTransaction]
    /// Where each producer stands: its last batch stays, emptied at worst, so that its sequence can be told from the log.
    let lastBatches: [Int64: LastBatch]
    /// Up to here the partition has been compacted before.
    let firstDirty: Offset
    /// Milliseconds since 1970.
    let now: Int64

    struct LastBatch: Sendable {
        /// nil where only markers are known.
        let offset: Offset?
        let epoch: Int16
    }
}

/// What a compaction has written: each output takes the place of one or more segments.
struct CompactionResult<Files: FileSystem>: Sendable {
    struct Output: Sendable {
        let baseOffset: Offset
        /// The base offsets of the segments that it replaces, its own first.
        let replaced: [Offset]
    }
    let plan: CompactionPlan<Files>
    var outputs: [Output]
    /// Up to here keys are now unique.
    let cleanedTo: Offset
}
