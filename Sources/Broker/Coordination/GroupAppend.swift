internal import ByteCoding
internal import ChangeModel
internal import CommitLog
internal import Compression
internal import GroupCoordinator
internal import KafkaProtocol

/// Brings a coordinator's records into `__consumer_offsets`.
enum GroupAppend {
    /// Appends the records as one batch. `completion` is called on the log's thread, for each partition in the order of
    /// the calls; where the records belong to a transaction that is over, it is called at once.
    static func write(
        _ append: GroupEngine.Append, to log: CommitLog<PosixFileSystem>, registry: TransactionRegistry,
        timestamp: Int64, completion: @escaping @Sendable (Result<Int64, GroupError>) -> Void
    ) {
        let builder = RecordBatchBuilder()
        let noHeaders: [UInt8] = [0]
        for record in append.records {
            let key = record.encodeKey()
            let value = record.encodeValue()
            let body = value ?? []
            builder.append(
                timestamp: timestamp, key: key.span, hasKey: true, value: body.span, hasValue: value != nil,
                headers: noHeaders.span)
        }
        var batch = ByteCoding.ByteBuffer(capacity: builder.byteCount + RecordBatchHeader.byteCount)
        do throws(CompressionError) {
            try RecordBatchEncoder.encode(
                builder, as: .none, codec: StandardCodec(), producerID: append.producer?.id,
                producerEpoch: append.producer?.epoch, into: &batch)
        } catch {
            return completion(.failure(.unknownServerError))
        }
        let place = TopicPartition(topic: GroupService.topicName, partition: append.partition)
        let finished: @Sendable (Result<AppendOutcome, AppendError>) -> Void = { result in
            completion(result.map(\.baseOffset.rawValue).mapError(Self.error))
        }
        guard let producer = append.producer else {
            return log.append(batch, to: place, origin: .coordinator, completion: finished)
        }
        var pending = Optional(batch)
        registry.check(ProducerIdentity(id: producer.id, epoch: producer.epoch), place) { standing in
            if standing == .unknown { return completion(.failure(.coordinatorLoadInProgress)) }
            guard standing == .open, let batch = pending.take() else {
                return completion(.failure(.invalidTransactionState))
            }
            log.append(batch, to: place, origin: .coordinator, completion: finished)
        }
    }

    /// What a client is told, which decides whether it tries again.
    private static func error(_ error: AppendError) -> GroupError {
        switch error {
        case .invalidProducerEpoch: .invalidProducerEpoch
        case .invalidTransactionState: .invalidTransactionState
        case .storage, .closed, .unknownTopicOrPartition, .notEnoughReplicas: .coordinatorNotAvailable
        default: .unknownServerError
        }
    }
}
