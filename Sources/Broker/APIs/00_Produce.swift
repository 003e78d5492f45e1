internal import AccessControl
internal import ByteCoding
internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import KafkaProtocol
internal import Synchronization

/// Produce, key 0.
///
/// Versions 3 to 13: what came before wrote record formats that nobody reads any more. ApiVersions tells 0 to 13 all the
/// same, as Kafka's brokers do, because librdkafka takes a broker without version 0 for one that knows no compression.
///
/// Each partition's batch is checked on the connection's event loop and handed to the log there, so batches of a
/// connection are appended in the order in which they came; the answer follows when the log has them as its flush
/// policy says. `acks` 0 gets no answer, and an error of it ends the connection: that is the only sign there is.
/// `acks` 1 and -1 mean the same, there being one replica.
struct ProduceHandler: APIHandler {
    typealias Request = ProduceRequest
    static let versions: ClosedRange<Int16> = 3...13
    static let advertisedVersions: ClosedRange<Int16> = 0...13
    static let overlaps = true

    func handle(_ request: ProduceRequest, _ context: RequestContext, _ reply: Reply<ProduceResponse>) {
        var places: [(topic: Int, partition: Int)] = []
        var response = ProduceResponse()
        response.responses = request.topicData.enumerated().map { topicIndex, topic in
            var answer = ProduceResponse.TopicProduceResponse()
            answer.name = topic.name
            answer.topicId = topic.topicId
            answer.partitionResponses = topic.partitionData.enumerated().map { partitionIndex, partition in
                places.append((topicIndex, partitionIndex))
                var answer = ProduceResponse.PartitionProduceResponse()
                answer.index = partition.index
                answer.baseOffset = -1
                return answer
            }
            return answer
        }
        guard [-1, 0, 1].contains(request.acks) else {
            for place in places {
                response.responses[place.topic].partitionResponses[place.partition].errorCode = 21
            }
            return reply.send(response)
        }
        let gathering = ProduceGathering(response, pendingCount: places.count, acks: request.acks, reply)
        for place in places {
            let topic = request.topicData[place.topic]
            let partition = topic.partitionData[place.partition]
            append(partition, of: topic, request, context) { result in
                gathering.fill(place.topic, place.partition, result)
            }
        }
        if places.isEmpty { gathering.answer() }
    }

    private func append(
        _ partition: ProduceRequest.PartitionProduceData, of topic: ProduceRequest.TopicProduceData,
        _ request: ProduceRequest, _ context: RequestContext,
        completion: @escaping @Sendable (Result<AppendOutcome, ProduceRefusal>) -> Void
    ) {
        let broker = context.broker
        var name = topic.name
        if context.version >= 13 {
            guard let known = broker.topics[topic.topicId] else { return completion(.failure(.init(100))) }
            name = known.name
        }
        guard broker.topics[name] != nil else { return completion(.failure(.init(3))) }
        guard context.allows(.write, .topic, name) else { return completion(.failure(.init(29))) }
        if TopicDirectory.isInternal(name) {
            return completion(.failure(.init(17, "'\(name)' is written by the broker alone")))
        }
        guard let range = partition.records.range, !range.isEmpty else {
            return completion(.failure(.init(87, "the partition's record set is empty")))
        }
        var batch = ByteBuffer(capacity: range.count)
        context.frame.withBytes { batch.append($0.extracting(range)) }
        if context.version < 7, Self.compression(of: batch.span) == .zstd {
            return completion(.failure(.init(76, "zstd needs version 7 of produce requests")))
        }
        let place = TopicPartition(topic: name, partition: partition.index)
        if let header = try? RecordBatchHeader(parsing: batch.span), header.isTransactional {
            return appendTransactional(batch, header, to: place, request, context, completion)
        }
        broker.log.append(batch, to: place, origin: .client(acksAll: request.acks == -1)) { result in
            completion(result.mapError { ProduceRefusal($0) })
        }
    }

    /// A batch within a transaction goes to the log only while the transaction is open and has the partition.
    private func appendTransactional(
        _ batch: consuming ByteBuffer, _ header: RecordBatchHeader, to place: TopicPartition,
        _ request: ProduceRequest, _ context: RequestContext,
        _ completion: @escaping @Sendable (Result<AppendOutcome, ProduceRefusal>) -> Void
    ) {
        guard let transactionalID = request.transactionalId, context.allows(.write, .transactionalID, transactionalID)
        else { return completion(.failure(.init(53))) }
        var pending = Optional(batch)
        let producer = ProducerIdentity(id: header.producerID, epoch: header.producerEpoch)
        context.broker.transactions.registry.check(producer, place) { standing in
            if standing == .unknown {
                // Until the transactions are read back the batch may be rightful: the client sends it again.
                return context.later { completion(.failure(.init(ErrorCode.notLeaderOrFollower.rawValue))) }
            }
            guard let batch = pending.take() else { return }
            // The completion goes round by the event loop: it must not start the connection's next request in here.
            context.broker.log.append(
                batch, to: place, origin: .client(transactionVerified: standing == .open, acksAll: request.acks == -1)
            ) { result in
                context.later { completion(result.mapError { ProduceRefusal($0) }) }
            }
        }
    }

    private static func compression(of batch: Span<UInt8>) -> CompressionType? {
        guard let header = try? RecordBatchHeader(parsing: batch) else { return nil }
        return header.compression
    }
}

/// Why a partition's batch was not appended.
struct ProduceRefusal: Error, Sendable {
    var code: Int16
    var message: String?
    var records: [RecordRefusal] = []

    init(_ code: Int16, _ message: String? = nil) {
        self.code = code
        self.message = message
    }

    init(_ error: AppendError) {
        code = error.code
        message = error.description
        records = error.refusals
    }
}

/// A produce request's answer while the log works on its partitions. Any thread.
private final class ProduceGathering: Sendable {
    private let state: Mutex<(response: ProduceResponse, pendingCount: Int)>
    private let acks: Int16
    private let reply: Reply<ProduceResponse>

    init(_ response: ProduceResponse, pendingCount: Int, acks: Int16, _ reply: Reply<ProduceResponse>) {
        state = Mutex((response, pendingCount))
        self.acks = acks
        self.reply = reply
    }

    func fill(_ topic: Int, _ partition: Int, _ result: Result<AppendOutcome, ProduceRefusal>) {
        var answer = state.withLock { $0.response.responses[topic].partitionResponses[partition] }
        switch result {
        case .success(let outcome):
            answer.baseOffset = outcome.baseOffset.rawValue
            answer.logAppendTimeMs = outcome.logAppendTime
            answer.logStartOffset = outcome.logStartOffset.rawValue
        case .failure(let refusal):
            reply.context.broker.metrics.count(error: refusal.code)
            answer.errorCode = refusal.code
            answer.errorMessage = refusal.message
            answer.recordErrors = refusal.records.map { record in
                var error = ProduceResponse.BatchIndexAndErrorMessage()
                error.batchIndex = record.batchIndex
                error.batchIndexErrorMessage = record.message
                return error
            }
        }
        let isLast = state.withLock { state in
            state.response.responses[topic].partitionResponses[partition] = answer
            state.pendingCount -= 1
            return state.pendingCount == 0
        }
        if isLast { self.answer() }
    }

    func answer() {
        let response = state.withLock { $0.response }
        guard acks == 0 else { return reply.send(response) }
        let error = response.responses.lazy.flatMap(\.partitionResponses).first { $0.errorCode != 0 }
        if let error {
            reply.close("a produce request without acknowledgement failed with error \(error.errorCode)")
        } else {
            reply.sendNothing()
        }
    }
}
