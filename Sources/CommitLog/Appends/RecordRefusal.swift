/// A record that made its batch unacceptable, as Produce answers from version 8 on name it.
public struct RecordRefusal: Sendable, Equatable {
    /// The record's place in its batch, counted from 0.
    public let batchIndex: Int32
    /// What rule it breaks, without the record's content.
    public let message: String

    public init(batchIndex: Int32, message: String) {
        self.batchIndex = batchIndex
        self.message = message
    }
}
