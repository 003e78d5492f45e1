import ChangeModel
import KafkaClient

/// A group's partitions with what is committed, where they end, and who reads them.
struct GroupReport {
    struct Row {
        let partition: TopicPartition
        let committed: Int64?
        let end: Int64?
        let member: ConsumerGroup.Member?

        var lag: Int64? {
            guard let committed, let end else { return nil }
            return max(0, end - committed)
        }
    }

    let group: ConsumerGroup
    let rows: [Row]

    /// Asks the cluster.
    init(_ name: String, admin: KafkaAdmin) async throws(KafkaError) {
        let group = try await admin.describeGroup(name)
        var committed: [TopicPartition: Int64] = [:]
        for entry in try await admin.listGroupOffsets(name) where entry.error == nil && entry.offset >= 0 {
            committed[entry.partition] = entry.offset
        }
        var readers: [TopicPartition: ConsumerGroup.Member] = [:]
        for member in group.members { for partition in member.assignment { readers[partition] = member } }
        let partitions = Set(committed.keys).union(readers.keys).sorted {
            ($0.topic, $0.partition) < ($1.topic, $1.partition)
        }
        var rows: [Row] = []
        for partition in partitions {
            // A topic that is gone still has its committed offset shown.
            let end: Int64?
            do { end = try await admin.watermarks(of: partition).upperBound } catch {
                guard [.unknownTopicOrPartition, .localUnknownTopic, .localUnknownPartition].contains(error.code) else {
                    throw error
                }
                end = nil
            }
            rows.append(
                Row(partition: partition, committed: committed[partition], end: end, member: readers[partition]))
        }
        self.group = group
        self.rows = rows
    }
}
