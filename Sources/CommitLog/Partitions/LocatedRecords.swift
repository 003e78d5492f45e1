public import ChangeModel

/// Where the records that a fetch asks for stand, and where the partition stood at that moment.
public struct LocatedRecords<Files: FileSystem>: Sendable {
    /// The batches: the first is whole and may begin before the offset that was asked for; the last may be cut short,
    /// which every consumer expects. nil where there is nothing to be given.
    public let slice: FileSlice<Files>?
    public let highWatermark: Offset
    public let lastStableOffset: Offset
    public let logStartOffset: Offset
    /// With ``ReadIsolation/committed``: every aborted transaction that reaches into the slice. Empty otherwise.
    public let abortedTransactions: [AbortedTransaction]
}
