internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import Compression
internal import KafkaProtocol

/// ListOffsets, key 2.
///
/// Versions 1 to 10. Timestamps: -1 the end (the last stable offset when only committed records are read), -2 the start,
/// -3 the record with the greatest timestamp, -4 the earliest local offset, which is the start, -5 the latest tiered
/// offset, which there is none of, -6 the earliest that waits for tiering, likewise; others find the first record that
/// is not older. A lookup by time reads and may decompress a batch, away from the event loop.
struct ListOffsetsHandler: APIHandler {
    typealias Request = ListOffsetsRequest
    static let versions: ClosedRange<Int16> = 1...10

    func handle(_ request: ListOffsetsRequest, _ context: RequestContext, _ reply: Reply<ListOffsetsResponse>) {
        let isQuick = request.topics.allSatisfy {
            $0.partitions.allSatisfy { $0.timestamp == -1 || $0.timestamp == -2 }
        }
        if isQuick {
            reply.send(answer(request, context))
        } else {
            context.broker.offload { reply.send(answer(request, context)) }
        }
    }

    func answer(_ request: ListOffsetsRequest, _ context: RequestContext) -> ListOffsetsResponse {
        let codec = StandardCodec()
        var response = ListOffsetsResponse()
        response.topics = request.topics.map { topic in
            var answer = ListOffsetsResponse.ListOffsetsTopicResponse()
            answer.name = topic.name
            answer.partitions = topic.partitions.map { partition in
                let id = TopicPartition(topic: topic.name, partition: partition.partitionIndex)
                var answer = ListOffsetsResponse.ListOffsetsPartitionResponse()
                answer.partitionIndex = partition.partitionIndex
                look(id, partition, isolation: request.isolationLevel, codec, context, &answer)
                context.broker.metrics.count(error: answer.errorCode)
                return answer
            }
            return answer
        }
        return response
    }

    private func look(
        _ id: TopicPartition, _ partition: ListOffsetsRequest.ListOffsetsPartition, isolation: Int8,
        _ codec: StandardCodec, _ context: RequestContext,
        _ answer: inout ListOffsetsResponse.ListOffsetsPartitionResponse
    ) {
        guard context.allows(.describe, .topic, id.topic) else {
            answer.errorCode = ErrorCode.topicAuthorizationFailed.rawValue
            return
        }
        guard !TopicDirectory.isHidden(id.topic), let view = try? context.broker.log.view(id) else {
            answer.errorCode = 3
            return
        }
        let epoch = view.leaderEpoch
        if partition.currentLeaderEpoch >= 0, partition.currentLeaderEpoch != epoch {
            answer.errorCode = partition.currentLeaderEpoch > epoch ? 75 : 74
            return
        }
        do throws(StorageError) {
            switch partition.timestamp {
            case -1: answer.offset = (isolation == 1 ? view.lastStableOffset : view.latestOffset).rawValue
            case -2, -4: answer.offset = view.earliestOffset.rawValue
            case -3:
                guard let newest = try view.newestRecord(codec: codec) else { return }
                answer.offset = newest.offset.rawValue
                answer.timestamp = newest.timestamp
            case -5, -6: return
            case 0...:
                guard let found = try view.record(atOrAfter: partition.timestamp, codec: codec) else { return }
                answer.offset = found.offset.rawValue
                answer.timestamp = found.timestamp
            default:
                answer.errorCode = 42
                return
            }
            answer.leaderEpoch = epoch
        } catch {
            answer.errorCode = 56
        }
    }
}
