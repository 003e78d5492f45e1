/// What became of one produced record.
public struct DeliveryReport: Sendable, Hashable {
    public var partition: Int32
    /// The record's offset; negative when it is not known, as with `acks=0`.
    public var offset: Int64
    /// nil when the record was delivered.
    public var error: KafkaErrorCode?
    /// With an error: whether the record may be in the log all the same.
    public var isPossiblyPersisted: Bool
}
