/// Which partition of `__consumer_offsets` keeps a group.
public enum GroupPartition {
    /// Java's `String.hashCode` without its sign, modulo the partitions, as every Kafka broker computes it.
    public static func index(of groupID: String, partitionCount: Int32) -> Int32 {
        precondition(partitionCount > 0, "a topic has at least one partition")
        var hash: Int32 = 0
        for unit in groupID.utf16 { hash = hash &* 31 &+ Int32(unit) }
        return (hash & Int32.max) % partitionCount
    }
}
