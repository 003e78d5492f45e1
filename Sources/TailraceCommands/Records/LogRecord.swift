import ChangeModel

/// One record of the log, as `tail` shows it.
struct LogRecord: Equatable {
    var partition: TopicPartition
    var offset: Offset
    /// Milliseconds since 1970.
    var timestamp: Int64
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [Header] = []

    struct Header: Equatable {
        var name: String
        var value: [UInt8]?
    }
}
