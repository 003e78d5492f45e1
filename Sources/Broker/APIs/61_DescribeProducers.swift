internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol

/// DescribeProducers, key 61: the producers that a partition remembers, and where their open transactions begin.
/// Version 0.
struct DescribeProducersHandler: APIHandler {
    typealias Request = DescribeProducersRequest
    static let versions: ClosedRange<Int16> = 0...0

    func handle(
        _ request: DescribeProducersRequest, _ context: RequestContext, _ reply: Reply<DescribeProducersResponse>
    ) {
        context.broker.offload {
            var response = DescribeProducersResponse()
            response.topics = request.topics.map { topic in
                var answer = DescribeProducersResponse.TopicResponse()
                answer.name = topic.name
                let isAllowed = context.allows(.read, .topic, topic.name)
                answer.partitions = topic.partitionIndexes.map { number in
                    guard isAllowed else {
                        var refused = DescribeProducersResponse.PartitionResponse()
                        refused.partitionIndex = number
                        refused.errorCode = ErrorCode.topicAuthorizationFailed.rawValue
                        return refused
                    }
                    return Self.describe(TopicPartition(topic: topic.name, partition: number), context.broker)
                }
                return answer
            }
            reply.send(response)
        }
    }

    private static func describe(
        _ partition: TopicPartition, _ broker: Broker
    ) -> DescribeProducersResponse.PartitionResponse {
        var answer = DescribeProducersResponse.PartitionResponse()
        answer.partitionIndex = partition.partition
        do throws(StorageError) {
            answer.activeProducers = try broker.log.activeProducers(in: partition).map { producer in
                var state = DescribeProducersResponse.ProducerState()
                state.producerId = producer.id
                state.producerEpoch = Int32(producer.epoch)
                state.lastSequence = producer.lastSequence
                state.lastTimestamp = producer.lastTimestamp
                state.coordinatorEpoch = producer.coordinatorEpoch
                state.currentTxnStartOffset = producer.transactionStartOffset?.rawValue ?? -1
                return state
            }
        } catch {
            answer.errorCode = error.kafkaCode
        }
        return answer
    }
}
