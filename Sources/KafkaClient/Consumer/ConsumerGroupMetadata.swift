internal import CRdkafka

/// A consumer's membership, as a transaction needs it to commit the group's offsets and fence members that are gone.
public final class ConsumerGroupMetadata: @unchecked Sendable {
    /// Immutable, so that threads may share it.
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    /// Of a group in which nobody is a member.
    public init(group: String) { pointer = rd_kafka_consumer_group_metadata_new(group) }

    deinit { rd_kafka_consumer_group_metadata_destroy(pointer) }
}
