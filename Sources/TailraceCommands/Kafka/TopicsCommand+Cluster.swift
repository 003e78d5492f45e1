import ChangeModel
import KafkaClient

/// The subcommands of `topics` on a Kafka cluster.
extension TopicsCommand.List {
    func runOnCluster() async throws {
        try await cluster.withAdmin { admin in
            var table = TextTable(["TOPIC", "PARTITIONS", "RECORDS", "FIRST", "NEXT"], right: [1, 2, 3, 4])
            for topic in try await admin.metadata().topics where all || !topic.isInternal {
                var (count, first, next): (Int64, Int64, Int64) = (0, .max, 0)
                for partition in topic.partitions where partition.error == nil {
                    let bounds = try await admin.watermarks(
                        of: TopicPartition(topic: topic.name, partition: partition.number))
                    count += bounds.upperBound - bounds.lowerBound
                    first = min(first, bounds.lowerBound)
                    next = max(next, bounds.upperBound)
                }
                if first == .max { first = 0 }
                if json {
                    var line = JSONLine()
                    line.set("topic", topic.name)
                    line.set("partitions", Int64(topic.partitions.count))
                    line.set("records", count)
                    line.set("first", first)
                    line.set("next", next)
                    line.printLine()
                } else {
                    table.add([topic.name, "\(topic.partitions.count)", "\(count)", "\(first)", "\(next)"])
                }
            }
            if !json { print(table.rendered(style: .forOutput()), terminator: "") }
        }
    }
}

extension TopicsCommand.Describe {
    func runOnCluster() async throws {
        try await cluster.withAdmin { admin in
            let known = try await admin.metadata().topics
            for pattern in topics.map({ TopicPattern($0) }) {
                let found = known.filter { pattern.matches($0.name) }
                guard !found.isEmpty else {
                    let error = UnknownTopic(name: pattern.text, known: known.map(\.name))
                    throw KafkaError(code: .unknownTopicOrPartition, detail: error.description)
                }
                for topic in found { try await describe(topic, admin) }
            }
        }
    }

    private func describe(_ topic: ClusterMetadata.Topic, _ admin: KafkaAdmin) async throws(KafkaError) {
        let style = TextStyle.forOutput()
        var partitions: [JSONNode] = []
        if !json { print(style(topic.name, .bold)) }
        for partition in topic.partitions {
            let bounds = try await admin.watermarks(
                of: TopicPartition(topic: topic.name, partition: partition.number))
            let list = { (ids: [Int32]) in ids.map { "\($0)" }.joined(separator: ",") }
            guard json else {
                print(
                    "  partition \(partition.number): offsets \(bounds.lowerBound) to \(bounds.upperBound), "
                        + "leader \(partition.leader), replicas \(list(partition.replicas)), "
                        + "in sync \(list(partition.inSyncReplicas))")
                continue
            }
            var line = JSONLine()
            line.set("partition", Int64(partition.number))
            line.set("first", bounds.lowerBound)
            line.set("next", bounds.upperBound)
            line.set("leader", Int64(partition.leader))
            line.set("replicas", partition.replicas.map { .literal("\($0)") })
            line.set("inSync", partition.inSyncReplicas.map { .literal("\($0)") })
            partitions.append(line.node)
        }
        let entries = try await admin.describeConfigs(of: .topic(topic.name))
        guard json else {
            for entry in entries {
                let isSet = entry.source == .dynamicTopic
                print("  \(entry.name) = \(entry.value ?? "(hidden)")" + (isSet ? "" : style("  (default)", .dim)))
            }
            return
        }
        var settings = JSONLine()
        for entry in entries { settings.set(entry.name, entry.value) }
        let members: [JSONNode.Member] = [
            .init(name: "topic", value: .string(topic.name)), .init(name: "partitions", value: .array(partitions)),
            .init(name: "settings", value: settings.node),
        ]
        print(JSONNode.object(members).compact)
    }
}

extension TopicsCommand.Create {
    func runOnCluster() async throws {
        let settings = try TopicsCommand.settings(settings)
        try await cluster.withAdmin { admin in
            do throws(KafkaError) {
                try await admin.createTopic(
                    topic, partitionCount: partitions, replicationFactor: replicationFactor, configuration: settings)
            } catch {
                guard ifNotExists, error.code == .topicExists else { throw error }
            }
        }
    }
}

extension TopicsCommand.Alter {
    func runOnCluster() async throws {
        var changes: [String: String?] = try TopicsCommand.settings(settings)
        for name in removed { changes[name] = .some(nil) }
        try await cluster.withAdmin { [changes] admin in
            if let partitions { try await admin.createPartitions(of: topic, totalCount: partitions) }
            if !changes.isEmpty { try await admin.alterConfigs(of: .topic(topic), changes) }
        }
    }
}

extension TopicsCommand.Delete {
    func runOnCluster() async throws {
        try await cluster.withAdmin { admin in try await admin.deleteTopic(topic) }
    }
}
