/// Why the transaction coordinator refused a request. The raw value is Kafka's error code, as of the newest version of
/// each API: older versions say ``invalidProducerEpoch`` where this says ``producerFenced``.
public enum TransactionError: Int16, Error, Sendable {
    /// The coordinator is still reading its log; ask again.
    case coordinatorLoadInProgress = 14
    /// The log took no write (its disk is full, or it is closing); ask again.
    case coordinatorNotAvailable = 15
    case invalidRequest = 42
    case invalidProducerEpoch = 47
    case invalidTransactionState = 48
    /// The transactional id is not known, or belongs to another producer id.
    case invalidProducerIDMapping = 49
    case invalidTransactionTimeout = 50
    /// The transactional id's previous transition is not finished; ask again.
    case concurrentTransactions = 51
    /// A newer producer holds the transactional id.
    case producerFenced = 90
    case transactionalIDNotFound = 105
}
