public import ChangeModel

/// Where a batch was appended.
public struct AppendOutcome: Sendable, Equatable {
    /// The offset of the batch's first record.
    public let baseOffset: Offset
    /// The time that the log gave the records, in milliseconds since 1970; -1 where they keep the producer's.
    public let logAppendTime: Int64
    /// The first offset that can be read.
    public let logStartOffset: Offset
    /// True where the very batch had been appended before; the offset is then the one it got.
    public let isDuplicate: Bool

    public init(baseOffset: Offset, logAppendTime: Int64, logStartOffset: Offset, isDuplicate: Bool) {
        self.baseOffset = baseOffset
        self.logAppendTime = logAppendTime
        self.logStartOffset = logStartOffset
        self.isDuplicate = isDuplicate
    }
}
