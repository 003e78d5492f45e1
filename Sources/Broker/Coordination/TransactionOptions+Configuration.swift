internal import GroupCoordinator

extension TransactionOptions {
    init(_ configuration: BrokerConfiguration) {
        self.init()
        partitionCount = Int32(configuration.integer("transaction.state.log.num.partitions"))
        timeoutMillisMax = Int32(configuration.integer("transaction.max.timeout.ms"))
        expirationMillis = Int64(configuration.integer("transactional.id.expiration.ms"))
        timeoutCheckMillis = Int64(
            configuration.integer("transaction.abort.timed.out.transaction.cleanup.interval.ms"))
    }
}
