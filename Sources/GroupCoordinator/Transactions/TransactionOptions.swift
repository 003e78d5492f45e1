/// The coordinator's settings, named in Kafka's words beside each.
public struct TransactionOptions: Sendable, Equatable {
    /// `transaction.state.log.num.partitions`: fixed once `__transaction_state` exists.
    public var partitionCount: Int32 = 50
    /// `transaction.max.timeout.ms`.
    public var timeoutMillisMax: Int32 = 900_000
    /// `transactional.id.expiration.ms`: an id that is not used for so long is forgotten.
    public var expirationMillis: Int64 = 604_800_000
    /// `transaction.abort.timed.out.transaction.cleanup.interval.ms`: how often timeouts are looked for.
    public var timeoutCheckMillis: Int64 = 1_000
    /// `transaction.remove.expired.transaction.cleanup.interval.ms`.
    public var expirationCheckMillis: Int64 = 3_600_000
    /// How long a request may wait for the transition before it, before it is told to come again. Clients that are told
    /// at once wait a fixed time (librdkafka 500 ms), which is nearly always longer than the transition takes.
    public var parkMillisMax: Int64 = 5_000
    /// How many requests of one transactional id may wait.
    public var parkedCountMax = 32
    /// How many producer ids are reserved durably at a time.
    public var producerIDBlockSize: Int64 = 1_000
    /// How long after a failed write the coordinator tries again.
    public var retryMillis: Int64 = 500
    /// Stands in the markers; a partition refuses markers of an older one.
    public var coordinatorEpoch: Int32 = 0

    public init() {}
}
