internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol

/// DeleteTopics, key 20.
///
/// Versions 1 to 6; from 6 on topics can be named by id. The broker's own topics stay.
struct DeleteTopicsHandler: APIHandler {
    typealias Request = DeleteTopicsRequest
    static let versions: ClosedRange<Int16> = 1...6

    func handle(_ request: DeleteTopicsRequest, _ context: RequestContext, _ reply: Reply<DeleteTopicsResponse>) {
        let broker = context.broker
        broker.offload {
            var response = DeleteTopicsResponse()
            let isEnabled = broker.configuration.boolean("delete.topic.enable")
            if context.version >= 6 {
                response.responses = request.topics.map { asked in
                    var result = DeleteTopicsResponse.DeletableTopicResult()
                    result.name = asked.name
                    result.topicId = asked.topicId
                    if asked.name != nil, asked.topicId != .zero {
                        (result.errorCode, result.errorMessage) = (
                            42, "a topic is named by its name or its id, not both"
                        )
                        return result
                    }
                    let topic = asked.name.map { broker.topics[$0] } ?? broker.topics[asked.topicId]
                    guard let topic else {
                        result.errorCode = asked.name == nil ? 100 : 3
                        result.errorMessage = "there is no such topic"
                        return result
                    }
                    result.name = topic.name
                    result.topicId = topic.id
                    delete(topic.name, isEnabled: isEnabled, broker, &result)
                    return result
                }
            } else {
                response.responses = request.topicNames.map { name in
                    var result = DeleteTopicsResponse.DeletableTopicResult()
                    result.name = name
                    delete(name, isEnabled: isEnabled, broker, &result)
                    return result
                }
            }
            for result in response.responses { broker.metrics.count(error: result.errorCode) }
            reply.send(response)
        }
    }

    private func delete(
        _ name: String, isEnabled: Bool, _ broker: Broker, _ result: inout DeleteTopicsResponse.DeletableTopicResult
    ) {
        guard isEnabled else {
            (result.errorCode, result.errorMessage) = (73, "delete.topic.enable is false")
            return
        }
        guard !TopicDirectory.isInternal(name) else {
            (result.errorCode, result.errorMessage) = (42, "'\(name)' belongs to the broker")
            return
        }
        do throws(StorageError) {
            try broker.topics.delete(name)
        } catch {
            (result.errorCode, result.errorMessage) = (error.kafkaCode, error.detail)
        }
    }
}
