/// A member of a consumer group: what it said of itself, and where it stands on the way to its target.
struct ConsumerMember: Sendable {
    var value: ConsumerMemberValue
    var epoch: Int32 = 0
    var previousEpoch: Int32 = 0
    var state = MemberState.stable
    var assigned = Assignment()
    var pendingRevocation = Assignment()

    /// When its session ends without a sign of life. Not in the log: it starts anew after a replay.
    var deadline: Int64?
    /// By when it must have given up what it is to give up.
    var rebalanceDeadline: Int64?

    init(_ value: ConsumerMemberValue) { self.value = value }

    func isReconciled(to targetEpoch: Int32) -> Bool { state == .stable && epoch == targetEpoch }

    var current: CurrentAssignmentValue {
        get {
            CurrentAssignmentValue(
                memberEpoch: epoch, previousEpoch: previousEpoch, state: state, assigned: assigned,
                pendingRevocation: pendingRevocation)
        }
        set {
            epoch = newValue.memberEpoch
            previousEpoch = newValue.previousEpoch
            state = newValue.state
            assigned = newValue.assigned
            pendingRevocation = newValue.pendingRevocation
        }
    }
}
