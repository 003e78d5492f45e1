internal import CommitLog
internal import KafkaProtocol

/// CreatePartitions, key 37: gives topics more partitions; fewer cannot be had.
///
/// Versions 0 to 3.
struct CreatePartitionsHandler: APIHandler {
    typealias Request = CreatePartitionsRequest
    static let versions: ClosedRange<Int16> = 0...3

    func handle(
        _ request: CreatePartitionsRequest, _ context: RequestContext, _ reply: Reply<CreatePartitionsResponse>
    ) {
        context.broker.offload {
            let names = request.topics.map(\.name)
            var response = CreatePartitionsResponse()
            response.results = request.topics.map { topic in
                var result = CreatePartitionsResponse.CreatePartitionsTopicResult()
                result.name = topic.name
                (result.errorCode, result.errorMessage) =
                    names.count { $0 == topic.name } > 1
                    ? (42, "topic '\(topic.name)' is named twice")
                    : grow(topic, checkOnly: request.validateOnly, context.broker)
                context.broker.metrics.count(error: result.errorCode)
                return result
            }
            reply.send(response)
        }
    }

    private func grow(
        _ topic: CreatePartitionsRequest.CreatePartitionsTopic, checkOnly: Bool, _ broker: Broker
    ) -> (Int16, String?) {
        guard let held = broker.topics[topic.name] else { return (3, "there is no topic '\(topic.name)'") }
        guard !TopicDirectory.isInternal(topic.name) else { return (42, "'\(topic.name)' belongs to the broker") }
        guard topic.count > held.partitionCount else {
            return (37, "topic '\(topic.name)' has \(held.partitionCount) partitions, and \(topic.count) is not more")
        }
        guard topic.count <= TopicDescription.partitionCountMax else {
            return (37, "a topic has at most \(TopicDescription.partitionCountMax) partitions")
        }
        if let assignments = topic.assignments {
            guard assignments.count == Int(topic.count - held.partitionCount),
                assignments.allSatisfy({ $0.brokerIds == [broker.identity.nodeID] })
            else { return (39, "the assignment must put each new partition on broker \(broker.identity.nodeID)") }
        }
        if checkOnly { return (0, nil) }
        do throws(StorageError) {
            try broker.topics.grow(topic.name, to: topic.count)
            return (0, nil)
        } catch {
            return (error.code == .invalidTopic ? 37 : error.kafkaCode, error.detail)
        }
    }
}
