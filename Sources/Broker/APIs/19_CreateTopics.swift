internal import CommitLog
internal import KafkaProtocol

/// CreateTopics, key 19.
///
/// Versions 2 to 7. The settings are checked before anything is made; -1 partitions or replicas mean the broker's
/// defaults. There is one replica of each partition, on this broker; an assignment may say just that. A topic is ready
/// when the answer goes out. Topics that the broker keeps for itself are refused.
struct CreateTopicsHandler: APIHandler {
    typealias Request = CreateTopicsRequest
    static let versions: ClosedRange<Int16> = 2...7

    private typealias Result = CreateTopicsResponse.CreatableTopicResult

    func handle(_ request: CreateTopicsRequest, _ context: RequestContext, _ reply: Reply<CreateTopicsResponse>) {
        context.broker.offload {
            let names = request.topics.map(\.name)
            var response = CreateTopicsResponse()
            var seen: Set<String> = []
            for topic in request.topics where seen.insert(topic.name).inserted {
                var result = Result()
                result.name = topic.name
                result.errorMessage = nil
                do throws(Refusal) {
                    if names.count(where: { $0 == topic.name }) > 1 {
                        throw Refusal(42, "topic '\(topic.name)' is named twice")
                    }
                    try create(topic, validateOnly: request.validateOnly, context.broker, &result)
                } catch {
                    context.broker.metrics.count(error: error.code)
                    result.errorCode = error.code
                    result.errorMessage = error.message
                    result.configs = nil
                }
                response.topics.append(result)
            }
            reply.send(response)
        }
    }

    private struct Refusal: Error {
        let code: Int16
        let message: String
        init(_ code: Int16, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    private func create(
        _ topic: CreateTopicsRequest.CreatableTopic, validateOnly: Bool, _ broker: Broker, _ result: inout Result
    ) throws(Refusal) {
        let count = try partitionCount(topic, broker)
        var settings: [String: String] = [:]
        for config in topic.configs {
            guard let value = config.value else { throw Refusal(40, "setting '\(config.name)' has no value") }
            settings[config.name] = value
        }
        guard !TopicDirectory.isInternal(topic.name) else {
            throw Refusal(42, "'\(topic.name)' is made by the broker itself")
        }
        let made: (partitionCount: Int32, configuration: TopicConfiguration)
        do throws(StorageError) {
            if validateOnly {
                made = try broker.topics.preview(topic.name, partitionCount: count, settings: settings)
            } else {
                let topic = try broker.topics.create(topic.name, partitionCount: count, settings: settings)
                result.topicId = topic.id
                made = (topic.partitionCount, topic.configuration)
            }
        } catch {
            throw Refusal(error.kafkaCode, error.detail)
        }
        result.numPartitions = made.partitionCount
        result.replicationFactor = 1
        result.configs = broker.configs.entries(of: made.configuration).map { entry in
            var config = CreateTopicsResponse.CreatableTopicConfigs()
            config.name = entry.name
            config.value = entry.value
            config.readOnly = entry.isReadOnly
            config.configSource = entry.source.rawValue
            config.isSensitive = entry.isSensitive
            return config
        }
    }

    private func partitionCount(
        _ topic: CreateTopicsRequest.CreatableTopic, _ broker: Broker
    ) throws(Refusal) -> Int32? {
        if !topic.assignments.isEmpty {
            guard topic.numPartitions == -1, topic.replicationFactor == -1 else {
                throw Refusal(42, "with an assignment the numbers of partitions and replicas must be -1")
            }
            let numbers = topic.assignments.map(\.partitionIndex).sorted()
            guard numbers == Array(0..<Int32(numbers.count)) else {
                throw Refusal(39, "the assignment must name every partition from 0 on, once")
            }
            guard topic.assignments.allSatisfy({ $0.brokerIds == [broker.identity.nodeID] }) else {
                throw Refusal(39, "the only broker is \(broker.identity.nodeID)")
            }
            return Int32(numbers.count)
        }
        guard topic.replicationFactor == -1 || topic.replicationFactor == 1 else {
            throw Refusal(38, "there is one broker, so the number of replicas is 1, not \(topic.replicationFactor)")
        }
        guard topic.numPartitions == -1 || topic.numPartitions >= 1 else {
            throw Refusal(37, "a topic cannot have \(topic.numPartitions) partitions")
        }
        guard topic.numPartitions <= TopicDescription.partitionCountMax else {
            throw Refusal(37, "a topic has at most \(TopicDescription.partitionCountMax) partitions")
        }
        return topic.numPartitions == -1 ? nil : topic.numPartitions
    }
}
