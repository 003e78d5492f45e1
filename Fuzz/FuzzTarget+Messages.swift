import ByteCoding
import KafkaProtocol

extension FuzzTarget {
    /// Frames of Kafka's requests, every API and version: the header, then the body it names.
    static let requests = FuzzTarget(name: "requests", corpus: frames) { input in
        var reader = ByteReader(input.span)
        guard let header = try? RequestHeader(decoding: &reader) else { return }
        let position = reader.position
        for request in MessageCatalog.requests where request.apiKey == header.apiKey {
            read(request, input, from: position, version: header.apiVersion)
        }
    }

    private static func read<Request: KafkaRequest>(
        _: Request.Type, _ input: [UInt8], from position: Int, version: Int16
    ) {
        check(Request.self, input, from: position, version: version)
        // A test client reads responses: the same bytes are as good a start for them.
        check(Request.Response.self, input, from: position, version: version)
    }

    private static func check<Message: KafkaMessage>(
        _: Message.Type, _ input: [UInt8], from position: Int, version: Int16
    ) {
        var reader = ByteReader(input.span)
        guard (try? reader.skip(position)) != nil,
            let message = try? Message(decoding: &reader, version: version)
        else { return }
        if let produce = message as? ProduceRequest {
            for partition in produce.topicData.flatMap(\.partitionData) {
                precondition((partition.records.range?.upperBound ?? 0) <= input.count, "records outside of the frame")
            }
        } else if !(message is FetchResponse) {
            var output = ByteBuffer()
            message.encode(into: &output, version: version)
            precondition(output.count <= 2 * input.count + 64, "a message that grew")
        }
    }

    /// Every request in every version with its defaults, and some with content.
    private static let frames: [[UInt8]] = {
        let plain = MessageCatalog.requests.flatMap { request in
            request.validVersions.map { frame(of: request.init(), version: $0) }
        }
        let rich = contents.flatMap { request in
            type(of: request).validVersions.map { frame(of: request, version: $0) }
        }
        return plain + rich
    }()

    private static func frame(of request: any KafkaRequest, version: Int16) -> [UInt8] {
        var output = ByteBuffer()
        let key = type(of: request).apiKey
        RequestHeader(apiKey: key, apiVersion: version, correlationId: 1, clientId: "client").encode(into: &output)
        request.encode(into: &output, version: version)
        return output.array()
    }

    private static let contents: [any KafkaRequest] = {
        var produce = ProduceRequest()
        var produceTopic = ProduceRequest.TopicProduceData()
        produceTopic.name = "orders"
        var producePartition = ProduceRequest.PartitionProduceData()
        producePartition.records = .bytes([UInt8](repeating: 2, count: 61))
        produceTopic.partitionData = [producePartition, producePartition]
        produce.topicData = [produceTopic, produceTopic]
        produce.transactionalId = "t"

        var fetch = FetchRequest()
        var fetchTopic = FetchRequest.FetchTopic()
        fetchTopic.topic = "orders"
        fetchTopic.partitions = [FetchRequest.FetchPartition()]
        var forgotten = FetchRequest.ForgottenTopic()
        forgotten.partitions = [1, 2, 3]
        fetch.topics = [fetchTopic]
        fetch.forgottenTopicsData = [forgotten]
        fetch.clusterId = "cluster"
        fetch.rackId = "rack"

        var metadata = MetadataRequest()
        var metadataTopic = MetadataRequest.MetadataRequestTopic()
        metadataTopic.name = "orders"
        metadata.topics = [metadataTopic, metadataTopic]

        var join = JoinGroupRequest()
        var joinProtocol = JoinGroupRequest.JoinGroupRequestProtocol()
        joinProtocol.name = "range"
        joinProtocol.metadata = [0, 1, 2, 3]
        join.groupId = "group"
        join.groupInstanceId = "instance"
        join.protocols = [joinProtocol]

        var commit = OffsetCommitRequest()
        var commitTopic = OffsetCommitRequest.OffsetCommitRequestTopic()
        var commitPartition = OffsetCommitRequest.OffsetCommitRequestPartition()
        commitPartition.committedMetadata = "note"
        commitTopic.name = "orders"
        commitTopic.partitions = [commitPartition]
        commit.groupId = "group"
        commit.topics = [commitTopic]

        var create = CreateTopicsRequest()
        var createTopic = CreateTopicsRequest.CreatableTopic()
        var assignment = CreateTopicsRequest.CreatableReplicaAssignment()
        assignment.brokerIds = [1]
        var config = CreateTopicsRequest.CreatableTopicConfig()
        config.name = "cleanup.policy"
        config.value = "compact"
        createTopic.name = "orders"
        createTopic.assignments = [assignment]
        createTopic.configs = [config]
        create.topics = [createTopic]

        var heartbeat = ConsumerGroupHeartbeatRequest()
        heartbeat.groupId = "group"
        heartbeat.subscribedTopicNames = ["orders", "customers"]
        heartbeat.topicPartitions = [ConsumerGroupHeartbeatRequest.TopicPartitions()]
        return [produce, fetch, metadata, join, commit, create, heartbeat]
    }()
}
