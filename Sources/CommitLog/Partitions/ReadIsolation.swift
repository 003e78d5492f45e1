/// What of open and aborted transactions a reader is given.
public enum ReadIsolation: Sendable, Equatable {
    /// Everything up to the high watermark.
    case uncommitted
    /// What lies below the last stable offset; the reader drops the records of the aborted transactions that it is told.
    case committed
}
