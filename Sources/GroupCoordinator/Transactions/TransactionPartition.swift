/// Which partition of `__transaction_state` keeps a transactional id.
public enum TransactionPartition {
    /// Java's `String.hashCode` without its sign, modulo the partitions, as every Kafka broker computes it.
    public static func index(of transactionalID: String, partitionCount: Int32) -> Int32 {
        precondition(partitionCount > 0, "a topic has at least one partition")
        var hash: Int32 = 0
        for unit in transactionalID.utf16 { hash = hash &* 31 &+ Int32(unit) }
        return (hash & Int32.max) % partitionCount
    }
}
