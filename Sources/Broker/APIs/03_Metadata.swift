internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol

/// Metadata, key 3.
///
/// Versions 0 to 13. Version 0 takes an empty list for all topics; from 1 on null is all and empty is none. From 10 on
/// topics can be asked for by id. A topic that is not there is created when both the request and
/// `auto.create.topics.enable` allow it, and is ready when the answer goes out. One broker leads every partition.
struct MetadataHandler: APIHandler {
    typealias Request = MetadataRequest
    static let versions: ClosedRange<Int16> = 0...13

    func handle(_ request: MetadataRequest, _ context: RequestContext, _ reply: Reply<MetadataResponse>) {
        let missing = missingTopics(request, context)
        guard !missing.isEmpty else { return reply.send(answer(request, context, failures: [:])) }
        context.broker.offload {
            var failures: [String: Int16] = [:]
            for name in missing {
                do throws(StorageError) {
                    try context.broker.topics.create(name, partitionCount: nil, settings: [:])
                } catch {
                    if error.code != .topicExists { failures[name] = error.kafkaCode }
                }
            }
            reply.send(answer(request, context, failures: failures))
        }
    }

    /// The topics that are to be created.
    private func missingTopics(_ request: MetadataRequest, _ context: RequestContext) -> Set<String> {
        guard context.broker.configuration.boolean("auto.create.topics.enable"),
            context.version < 4 || request.allowAutoTopicCreation
        else { return [] }
        var names: Set<String> = []
        for topic in request.topics ?? [] {
            guard let name = topic.name, !TopicDirectory.isInternal(name), context.broker.topics[name] == nil,
                context.allowsCluster(.create) || context.allows(.create, .topic, name)
            else {
                continue
            }
            names.insert(name)
        }
        return names
    }

    private func answer(
        _ request: MetadataRequest, _ context: RequestContext, failures: [String: Int16]
    ) -> MetadataResponse {
        let broker = context.broker
        var response = MetadataResponse()
        response.clusterId = broker.identity.clusterID
        response.controllerId = broker.identity.nodeID
        let endpoint = broker.endpoint(of: context.session.listener)
        var node = MetadataResponse.MetadataResponseBroker()
        node.nodeId = broker.identity.nodeID
        node.host = endpoint.host
        node.port = Int32(endpoint.port)
        node.rack = broker.configuration.value("broker.rack")
        response.brokers = [node]
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        let wantsAll = request.topics == nil || (context.version == 0 && request.topics?.isEmpty == true)
        if wantsAll {
            response.topics = broker.topics.all.filter { context.allows(.describe, .topic, $0.name) }
                .map { describe($0, request, broker) }
        } else {
            response.topics = (request.topics ?? []).map { topic in
                describe(topic, request, context, failures: failures)
            }
        }
        return response
    }

    private func describe(
        _ asked: MetadataRequest.MetadataRequestTopic, _ request: MetadataRequest, _ context: RequestContext,
        failures: [String: Int16]
    ) -> MetadataResponse.MetadataResponseTopic {
        let broker = context.broker
        if let name = asked.name {
            guard context.allows(.describe, .topic, name) else {
                var refused = MetadataResponse.MetadataResponseTopic()
                refused.name = name
                refused.errorCode = ErrorCode.topicAuthorizationFailed.rawValue
                return refused
            }
            if let topic = broker.topics[name] { return describe(topic, request, broker) }
            var answer = MetadataResponse.MetadataResponseTopic()
            answer.name = name
            answer.isInternal = TopicDirectory.isInternal(name)
            answer.errorCode = failures[name] ?? Self.code(ofMissing: name)
            broker.metrics.count(error: answer.errorCode)
            return answer
        }
        if let topic = broker.topics[asked.topicId], context.allows(.describe, .topic, topic.name) {
            return describe(topic, request, broker)
        }
        var answer = MetadataResponse.MetadataResponseTopic()
        answer.name = context.version >= 12 ? nil : ""
        answer.topicId = asked.topicId
        answer.errorCode = 100
        return answer
    }

    private static func code(ofMissing name: String) -> Int16 {
        do throws(StorageError) { try TopicDescription.validate(name: name) } catch { return 17 }
        return 3
    }

    private func describe(
        _ topic: TopicDescription, _ request: MetadataRequest, _ broker: Broker
    ) -> MetadataResponse.MetadataResponseTopic {
        var answer = MetadataResponse.MetadataResponseTopic()
        answer.name = topic.name
        answer.topicId = topic.id
        answer.isInternal = TopicDirectory.isInternal(topic.name)
        if request.includeTopicAuthorizedOperations {
            answer.topicAuthorizedOperations = AuthorizedOperations.topic
        }
        answer.partitions = (0..<topic.partitionCount).map { number in
            var partition = MetadataResponse.MetadataResponsePartition()
            partition.partitionIndex = number
            partition.leaderId = broker.identity.nodeID
            partition.leaderEpoch = broker.topics.leaderEpoch(of: TopicPartition(topic: topic.name, partition: number))
            partition.replicaNodes = [broker.identity.nodeID]
            partition.isrNodes = [broker.identity.nodeID]
            return partition
        }
        return answer
    }
}
