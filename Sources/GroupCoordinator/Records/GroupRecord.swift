/// One record of `__consumer_offsets`: what the coordinator knows of groups and committed offsets, in Kafka's own
/// formats (`group-coordinator/src/main/resources/common/message`), so that Kafka's and other tools read it.
///
/// Each key starts with its type, an int16:
///
///     0, 1 offset · 2 classic group · 3 consumer group · 4 subscription metadata (until Kafka 4.0) · 5 member
///     6 target assignment's epoch · 7 target assignment of a member · 8 current assignment of a member · 16 regular
///     expression
///
/// A record without a value is a tombstone. Types we do not know (share and streams groups, what is to come) are kept
/// by compaction and mean nothing to us.
public enum GroupRecord: Sendable, Equatable {
    case offset(group: String, topic: String, partition: Int32, OffsetValue?)
    case classicGroup(group: String, ClassicGroupValue?)
    case consumerGroup(group: String, ConsumerGroupValue?)
    case consumerMember(group: String, member: String, ConsumerMemberValue?)
    case targetEpoch(group: String, Int32?)
    case targetAssignment(group: String, member: String, Assignment?)
    case currentAssignment(group: String, member: String, CurrentAssignmentValue?)
    case regularExpression(group: String, pattern: String, RegularExpressionValue?)

    /// The group the record is about, which decides its partition.
    public var group: String {
        switch self {
        case .offset(let group, _, _, _), .classicGroup(let group, _), .consumerGroup(let group, _),
            .consumerMember(let group, _, _), .targetEpoch(let group, _), .targetAssignment(let group, _, _),
            .currentAssignment(let group, _, _), .regularExpression(let group, _, _):
            group
        }
    }
}
