/// The bits with which Metadata and its kin say what a client may do: bit n stands for operation n of Kafka's ACLs.
enum AuthorizedOperations {
    /// Everything that can be done to a topic: read, write, create, delete, alter, describe, and both with settings.
    static let topic: Int32 = bits([3, 4, 5, 6, 7, 8, 10, 11])
    /// Everything that can be done to the cluster.
    static let cluster: Int32 = bits([5, 7, 8, 9, 10, 11, 12])

    private static func bits(_ operations: [Int32]) -> Int32 { operations.reduce(0) { $0 | 1 << $1 } }
}
