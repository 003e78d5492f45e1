internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol

/// OffsetForLeaderEpoch, key 23: where an epoch ended, by which consumers find out that the log lost what they had read.
///
/// Versions 2 to 4. The epoch grows when an unclean start cut the log back. An epoch that is not known yet has offset -1.
struct OffsetForLeaderEpochHandler: APIHandler {
    typealias Request = OffsetForLeaderEpochRequest
    static let versions: ClosedRange<Int16> = 2...4

    func handle(
        _ request: OffsetForLeaderEpochRequest, _ context: RequestContext, _ reply: Reply<OffsetForLeaderEpochResponse>
    ) {
        var response = OffsetForLeaderEpochResponse()
        response.topics = request.topics.map { topic in
            var answer = OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult()
            answer.topic = topic.topic
            answer.partitions = topic.partitions.map { look($0, of: topic.topic, context.broker) }
            return answer
        }
        reply.send(response)
    }

    private func look(
        _ partition: OffsetForLeaderEpochRequest.OffsetForLeaderPartition, of topic: String, _ broker: Broker
    ) -> OffsetForLeaderEpochResponse.EpochEndOffset {
        var answer = OffsetForLeaderEpochResponse.EpochEndOffset()
        answer.partition = partition.partition
        guard let view = try? broker.log.view(TopicPartition(topic: topic, partition: partition.partition)) else {
            answer.errorCode = 3
            return answer
        }
        let epoch = view.leaderEpoch
        if partition.currentLeaderEpoch >= 0, partition.currentLeaderEpoch != epoch {
            answer.errorCode = partition.currentLeaderEpoch > epoch ? 75 : 74
            return answer
        }
        if let end = view.endOffset(ofEpoch: partition.leaderEpoch) {
            answer.leaderEpoch = end.epoch
            answer.endOffset = end.offset.rawValue
        }
        return answer
    }
}
