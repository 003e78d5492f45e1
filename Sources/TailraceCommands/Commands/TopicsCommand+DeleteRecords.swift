import ArgumentParser
import ChangeModel
import CommitLog
import KafkaClient

extension TopicsCommand {
    struct DeleteRecords: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete-records", abstract: "Delete a topic's oldest records, up to an offset.",
            discussion: "The space on disk is freed with whole segments, later.")

        @Argument(help: "The topic, or partitions of it as topic:0,1.")
        var topic: String
        @Option(help: "The first offset to keep, or 'end' to delete all that there is.")
        var before: String
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var location: LogLocation
        @OptionGroup var cluster: ClusterOptions

        func validate() throws {
            guard before == "end" || Int64(before).map({ $0 >= 0 }) == true else {
                throw ValidationError("--before '\(before)' is not an offset or 'end'.")
            }
        }

        func run() async throws {
            let selection = try PartitionSelection(topic, option: "topic")
            if cluster.isGiven { return try await runOnCluster(selection) }
            try TopicsCommand.writing(location) { log in
                guard let found = log.topics.first(where: { $0.name == selection.topic }) else {
                    throw UnknownTopic(name: selection.topic, known: log.topics.map(\.name))
                }
                for number in selection.partitions ?? Array(0..<found.partitionCount) {
                    let partition = TopicPartition(topic: selection.topic, partition: number)
                    let end = try log.view(partition).latestOffset
                    let offset = Int64(before).map { Offset(rawValue: $0) } ?? end
                    let first = try log.deleteRecords(before: offset, in: partition)
                    show(partition, first.rawValue)
                }
            }
        }

        private func runOnCluster(_ selection: PartitionSelection) async throws {
            try await cluster.withAdmin { admin in
                let partitions = try selection.resolve(in: try await admin.metadata())
                let offset = Int64(before) ?? PartitionOffset.end
                for entry in try await admin.deleteRecords(
                    before: partitions.map { PartitionOffset($0, offset: offset) })
                {
                    if let code = entry.error {
                        throw KafkaError(
                            code: code, detail: "deleting records of \(entry.partition): \(code.summary)")
                    }
                    show(entry.partition, entry.offset)
                }
            }
        }

        private func show(_ partition: TopicPartition, _ first: Int64) {
            guard json else { return print("\(partition): the first record kept is \(first)") }
            var line = JSONLine()
            line.set("topic", partition.topic)
            line.set("partition", Int64(partition.partition))
            line.set("first", first)
            line.printLine()
        }
    }
}
