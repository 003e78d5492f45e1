import CRdkafka
import TailraceTesting

/// librdkafka's mock cluster: real sockets and the protocol of producers, consumers, groups and transactions, no admin.
final class MockCluster: @unchecked Sendable {
    private let client: OpaquePointer
    private let cluster: OpaquePointer
    let bootstrapServers: String

    init(brokerCount: Int32 = 3) throws {
        let configuration: OpaquePointer = rd_kafka_conf_new()
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0),
            let cluster = rd_kafka_mock_cluster_new(client, brokerCount),
            let servers = rd_kafka_mock_cluster_bootstraps(cluster)
        else { throw FixtureError("no mock cluster") }
        self.client = client
        self.cluster = cluster
        bootstrapServers = String(cString: servers)
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }

    func createTopic(_ name: String, partitionCount: Int32) {
        rd_kafka_mock_topic_create(cluster, name, partitionCount, 1)
    }

    /// The next produce requests are answered with these errors.
    func failProduce(with errors: [rd_kafka_resp_err_t]) {
        rd_kafka_mock_push_request_errors_array(cluster, 0, errors.count, errors)
    }

    func setBroker(_ id: Int32, isUp: Bool) {
        if isUp { rd_kafka_mock_broker_set_up(cluster, id) } else { rd_kafka_mock_broker_set_down(cluster, id) }
    }
}
