internal import ChangeModel

extension TransactionCoordinator {
    /// AddPartitionsToTxn and its kin: begins the transaction where none is open.
    mutating func decideAddPartitions(
        _ id: String, _ producer: ProducerIdentity, _ partitions: [TopicPartition], token: Token, now: Int64,
        into effects: inout [Effect]
    ) {
        guard let metadata = entries[id]?.metadata, metadata.producerID == producer.id else {
            return effects.append(.reply(token, .failure(.invalidProducerIDMapping)))
        }
        guard metadata.producerEpoch == producer.epoch else {
            return effects.append(.reply(token, .failure(.producerFenced)))
        }
        if metadata.state == .ongoing, Set(partitions).isSubset(of: metadata.partitions) {
            return effects.append(.reply(token, .success(producer)))
        }
        propose(metadata.adding(partitions, now: now), of: id, token: token, now: now, into: &effects)
    }
}
