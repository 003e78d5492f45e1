/// Who wrote a batch, which decides how much of it the log checks.
public enum AppendOrigin: Sendable, Equatable {
    /// Capture and other writers in this process: trusted, ordered by the source's position, no producer id.
    case source
    /// A Kafka client: everything that Kafka's broker checks is checked.
    ///
    /// `transactionVerified` says that the transaction's coordinator knows the partition as part of the producer's open
    /// transaction; without it a transactional batch is taken only where that transaction has written before.
    /// `acksAll` says that the producer wants every in-sync replica to have the batch.
    case client(transactionVerified: Bool = false, acksAll: Bool = false)
    /// A coordinator's own records for an internal topic: trusted, though a producer's epoch and transaction count.
    case coordinator
}
