internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol

/// Fetch, key 1.
///
/// Versions 4 to 16; 17 and 18 are for followers. From version 13 on topics go by their ids.
///
/// A fetch is answered when `min_bytes` are there, when `max_wait_ms` are over, or at once where a partition has an
/// error. Sessions (KIP-227) are kept in a bounded cache. The record batches go from the segment's file to the socket
/// without passing through the process, except under TLS. Rack and preferred replicas mean nothing with one replica.
struct FetchHandler: APIHandler {
    typealias Request = FetchRequest
    static let versions: ClosedRange<Int16> = 4...16

    func handle(_ request: FetchRequest, _ context: RequestContext, _ reply: Reply<FetchResponse>) {
        let broker = context.broker
        let usesTopicIDs = context.version >= 13
        func name(_ text: String, _ id: TopicID) -> String {
            usesTopicIDs ? broker.topics[id]?.name ?? "" : text
        }
        let partitions = request.topics.flatMap { topic in
            let name = name(topic.topic, topic.topicId)
            return topic.partitions.map { partition in
                FetchPartition(
                    topic: name, topicID: topic.topicId, partition: partition.partition,
                    fetchOffset: partition.fetchOffset, byteCountMax: partition.partitionMaxBytes,
                    currentLeaderEpoch: partition.currentLeaderEpoch, lastFetchedEpoch: partition.lastFetchedEpoch)
            }
        }
        let forgotten = request.forgottenTopicsData.flatMap { topic in
            topic.partitions.map {
                FetchKey(topic: name(topic.topic, topic.topicId), topicID: topic.topicId, partition: $0)
            }
        }
        let plan: FetchSessionCache.Plan
        if context.version >= 7 {
            plan = broker.fetchSessions.begin(
                .init(
                    sessionID: request.sessionId, epoch: request.sessionEpoch, partitions: partitions,
                    forgotten: forgotten, usesTopicIDs: usesTopicIDs))
        } else {
            plan = .sessionless(partitions)
        }
        switch plan {
        case .failed(let code):
            broker.metrics.count(error: code.rawValue)
            var response = FetchResponse()
            response.errorCode = code.rawValue
            reply.send(response)
        case .sessionless(let partitions), .opened(_, let partitions), .incremental(_, let partitions):
            ParkedFetch(request, context, reply, plan: plan, partitions: partitions).start()
        }
    }

    /// Sends what was found.
    static func answer(
        _ results: [FetchResult], plan: FetchSessionCache.Plan, _ context: RequestContext,
        _ reply: Reply<FetchResponse>
    ) {
        var response = FetchResponse()
        var results = results
        switch plan {
        case .opened(let id, _):
            response.sessionId = id
            results = context.broker.fetchSessions.finish(id, results, isFirst: true)
        case .incremental(let id, _):
            response.sessionId = id
            results = context.broker.fetchSessions.finish(id, results, isFirst: false)
        case .sessionless, .failed: break
        }
        var records: [FetchedRecords] = []
        for result in results {
            context.broker.metrics.count(error: result.errorCode)
            let isSameTopic =
                response.responses.last.map {
                    $0.topic == result.partition.topic && $0.topicId == result.partition.topicID
                } ?? false
            if !isSameTopic {
                var topic = FetchResponse.FetchableTopicResponse()
                topic.topic = result.partition.topic
                topic.topicId = result.partition.topicID
                response.responses.append(topic)
            }
            response.responses[response.responses.count - 1].partitions.append(partition(result, &records))
        }
        reply.send(response, records: records)
    }

    private static func partition(
        _ result: FetchResult, _ records: inout [FetchedRecords]
    ) -> FetchResponse.PartitionData {
        var answer = FetchResponse.PartitionData()
        answer.partitionIndex = result.partition.partition
        answer.errorCode = result.errorCode
        answer.highWatermark = result.highWatermark
        answer.lastStableOffset = result.lastStableOffset
        answer.logStartOffset = result.logStartOffset
        if let diverging = result.divergingEpoch {
            answer.divergingEpoch.epoch = diverging.epoch
            answer.divergingEpoch.endOffset = diverging.endOffset
        }
        answer.abortedTransactions = result.abortedTransactions.map { transactions in
            transactions.map { aborted in
                var answer = FetchResponse.AbortedTransaction()
                answer.producerId = aborted.producerID
                answer.firstOffset = aborted.firstOffset.rawValue
                return answer
            }
        }
        if let found = result.records {
            answer.records = .external(byteCount: found.byteCount)
            records.append(found)
        } else {
            answer.records = .bytes([])
        }
        return answer
    }
}
