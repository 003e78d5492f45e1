internal import CRdkafka

/// What a cluster says about itself.
public struct ClusterMetadata: Sendable {
    public struct Broker: Sendable, Hashable {
        public var id: Int32
        public var host: String
        public var port: Int
    }

    public struct Partition: Sendable, Hashable {
        public var number: Int32
        /// -1 while it has none.
        public var leader: Int32
        public var replicas: [Int32]
        public var inSyncReplicas: [Int32]
        public var error: KafkaErrorCode?
    }

    public struct Topic: Sendable, Hashable {
        public var name: String
        public var partitions: [Partition]
        public var error: KafkaErrorCode?
    }

    public var clusterID: String?
    /// -1 when it is not known.
    public var controllerID: Int32 = -1
    public var brokers: [Broker] = []
    /// In the order of their names.
    public var topics: [Topic] = []

    init() {}

    init(_ answer: rd_kafka_metadata) {
        brokers = (0..<Int(answer.broker_cnt)).map { index in
            let broker = answer.brokers[index]
            return Broker(id: broker.id, host: String(cString: broker.host), port: Int(broker.port))
        }
        brokers.sort { $0.id < $1.id }
        topics = (0..<Int(answer.topic_cnt)).map { index in
            let topic = answer.topics[index]
            return Topic(
                name: String(cString: topic.topic),
                partitions: (0..<Int(topic.partition_cnt)).map { Partition(topic.partitions[$0]) }
                    .sorted { $0.number < $1.number },
                error: Self.code(topic.err))
        }
        topics.sort { $0.name < $1.name }
    }

    fileprivate static func code(_ code: rd_kafka_resp_err_t) -> KafkaErrorCode? {
        code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaErrorCode(rawValue: code.rawValue)
    }
}

extension ClusterMetadata.Partition {
    fileprivate init(_ partition: rd_kafka_metadata_partition) {
        self.init(
            number: partition.id, leader: partition.leader,
            replicas: (0..<Int(partition.replica_cnt)).map { partition.replicas[$0] },
            inSyncReplicas: (0..<Int(partition.isr_cnt)).map { partition.isrs[$0] },
            error: ClusterMetadata.code(partition.err))
    }
}
