internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol

/// DeleteRecords, key 21.
///
/// Versions 0 to 2. Offset -1 means everything that there is. The start may move into the middle of a batch; a fetch
/// there still gets the whole batch. Topics that are only compacted, and the broker's own, are refused.
struct DeleteRecordsHandler: APIHandler {
    typealias Request = DeleteRecordsRequest
    static let versions: ClosedRange<Int16> = 0...2

    func handle(_ request: DeleteRecordsRequest, _ context: RequestContext, _ reply: Reply<DeleteRecordsResponse>) {
        context.broker.offload {
            var response = DeleteRecordsResponse()
            response.topics = request.topics.map { topic in
                var answer = DeleteRecordsResponse.DeleteRecordsTopicResult()
                answer.name = topic.name
                answer.partitions = topic.partitions.map { partition in
                    var answer = DeleteRecordsResponse.DeleteRecordsPartitionResult()
                    answer.partitionIndex = partition.partitionIndex
                    answer.lowWatermark = -1
                    delete(partition, of: topic.name, context.broker, &answer)
                    context.broker.metrics.count(error: answer.errorCode)
                    return answer
                }
                return answer
            }
            reply.send(response)
        }
    }

    private func delete(
        _ partition: DeleteRecordsRequest.DeleteRecordsPartition, of topic: String, _ broker: Broker,
        _ answer: inout DeleteRecordsResponse.DeleteRecordsPartitionResult
    ) {
        let id = TopicPartition(topic: topic, partition: partition.partitionIndex)
        do throws(StorageError) {
            let view = try broker.log.view(id)
            guard !TopicDirectory.isInternal(topic) else {
                answer.errorCode = 17
                return
            }
            guard broker.topics[topic]?.configuration.isDeleted ?? true else {
                answer.errorCode = 44
                return
            }
            let offset = partition.offset == -1 ? view.latestOffset : Offset(rawValue: partition.offset)
            guard offset >= .zero, offset <= view.latestOffset else {
                answer.errorCode = 1
                return
            }
            answer.lowWatermark = try broker.log.deleteRecords(before: offset, in: id).rawValue
        } catch {
            answer.errorCode = error.kafkaCode
        }
    }
}
