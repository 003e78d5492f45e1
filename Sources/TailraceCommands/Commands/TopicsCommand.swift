import ArgumentParser
import ChangeModel
import CommitLog
import Compression
import Foundation
import KafkaClient
import RecordTransport

struct TopicsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics", abstract: "List, describe, create, change and delete topics.",
        discussion: """
            With --bootstrap-server these work on a Kafka cluster, any cluster, a running 'tailrace serve' included.
            Without, on a data directory; create, alter, delete and delete-records then need the log for themselves: stop
            'tailrace serve' first.
            """,
        subcommands: [List.self, Describe.self, Create.self, Alter.self, Delete.self, DeleteRecords.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List topics with their sizes. The default.")

        @Flag(help: "Also Kafka's and Connect's own topics.")
        var all = false
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var location: LogLocation
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            if cluster.isGiven { return try await runOnCluster() }
            try await report { reader in
                var table = TextTable(["TOPIC", "PARTITIONS", "RECORDS", "FIRST", "NEXT"], right: [1, 2, 3, 4])
                for topic in try await reader.topics() where all || !topic.isInternal {
                    var (count, first, next): (Int64, Int64, Int64) = (0, .max, 0)
                    for number in 0..<topic.partitionCount {
                        let offsets = try await reader.offsets(
                            of: TopicPartition(topic: topic.name, partition: number))
                        count += offsets.upperBound.rawValue - offsets.lowerBound.rawValue
                        first = min(first, offsets.lowerBound.rawValue)
                        next = max(next, offsets.upperBound.rawValue)
                    }
                    if json {
                        print(
                            "{\"topic\":\(JSONNode.quoted(topic.name)),\"partitions\":\(topic.partitionCount),"
                                + "\"records\":\(count),\"first\":\(first),\"next\":\(next)}")
                    } else {
                        table.add([topic.name, "\(topic.partitionCount)", "\(count)", "\(first)", "\(next)"])
                    }
                }
                if !json { print(table.rendered(style: .forOutput()), terminator: "") }
            }
        }

        private func report(_ body: (DirectoryReader) async throws -> Void) async throws {
            try await TopicsCommand.reading(location, body)
        }
    }

    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show topics' partitions, offsets and settings.")

        @Argument(help: "Topics, by name or pattern.")
        var topics: [String]
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var location: LogLocation
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            if cluster.isGiven { return try await runOnCluster() }
            try await TopicsCommand.reading(location) { reader in
                let known = try await reader.topics()
                for pattern in topics.map({ TopicPattern($0) }) {
                    let found = known.filter { pattern.matches($0.name) }
                    if found.isEmpty {
                        throw UnknownTopic(name: pattern.text, known: known.map(\.name))
                    }
                    for topic in found { try await describe(topic, reader) }
                }
            }
        }

        private func describe(_ topic: TopicSummary, _ reader: DirectoryReader) async throws {
            let style = TextStyle.forOutput()
            var partitions: [JSONNode] = []
            if !json { print(style(topic.name, .bold)) }
            for number in 0..<topic.partitionCount {
                let offsets = try await reader.offsets(of: TopicPartition(topic: topic.name, partition: number))
                guard json else {
                    print("  partition \(number): offsets \(offsets.lowerBound) to \(offsets.upperBound)")
                    continue
                }
                var line = JSONLine()
                line.set("partition", Int64(number))
                line.set("first", offsets.lowerBound.rawValue)
                line.set("next", offsets.upperBound.rawValue)
                partitions.append(line.node)
            }
            var settings = JSONLine()
            for (name, value) in try TopicConfiguration(topic.configuration).effective {
                let isSet = topic.configuration[name] != nil
                settings.set(name, "\(value)")
                if !json { print("  \(name) = \(value)" + (isSet ? "" : style("  (default)", .dim))) }
            }
            guard json else { return }
            let members: [JSONNode.Member] = [
                .init(name: "topic", value: .string(topic.name)), .init(name: "partitions", value: .array(partitions)),
                .init(name: "settings", value: settings.node),
            ]
            print(JSONNode.object(members).compact)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a topic.")

        @Argument(help: "The topic's name.")
        var topic: String
        @Option(help: "How many partitions.")
        var partitions: Int32?
        @Option(help: "On how many brokers of the cluster each record is kept.")
        var replicationFactor: Int32?
        @Flag(help: "Do nothing where the topic exists.")
        var ifNotExists = false
        @Option(name: .customLong("set"), help: "A setting by Kafka's name, as name=value; may be repeated.")
        var settings: [String] = []
        @OptionGroup var location: LogLocation
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            if cluster.isGiven { return try await runOnCluster() }
            try TopicsCommand.writing(location) { log in
                if ifNotExists, log.topics.contains(where: { $0.name == topic }) { return }
                try log.createTopic(
                    topic, partitionCount: partitions, settings: try TopicsCommand.settings(settings))
            }
        }
    }

    struct Alter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a topic's settings.")

        @Argument(help: "The topic's name.")
        var topic: String
        @Option(name: .customLong("set"), help: "A setting by Kafka's name, as name=value; may be repeated.")
        var settings: [String] = []
        @Option(name: .customLong("unset"), help: "A setting that takes its default again; may be repeated.")
        var removed: [String] = []
        @Option(help: "With a cluster: how many partitions from now on; only more are possible.")
        var partitions: Int?
        @OptionGroup var location: LogLocation
        @OptionGroup var cluster: ClusterOptions

        func validate() throws {
            if settings.isEmpty && removed.isEmpty && partitions == nil {
                throw ValidationError("Nothing to change: use --set, --unset or --partitions.")
            }
            if partitions != nil && !cluster.isGiven {
                throw ValidationError("--partitions needs --bootstrap-server.")
            }
        }

        func run() async throws {
            if cluster.isGiven { return try await runOnCluster() }
            try TopicsCommand.writing(location) { log in
                var changes: [String: String?] = try TopicsCommand.settings(settings)
                for name in removed { changes[name] = .some(nil) }
                try log.alterTopic(topic, settings: changes)
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a topic with all its records.")

        @Argument(help: "The topic's name.")
        var topic: String
        @OptionGroup var location: LogLocation
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            if cluster.isGiven { return try await runOnCluster() }
            try TopicsCommand.writing(location) { log in try log.deleteTopic(topic) }
        }
    }

    // MARK: What the subcommands share

    static func settings(_ texts: [String]) throws -> [String: String] {
        var result: [String: String] = [:]
        for text in texts {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw ValidationError("'--set \(text)' must be written name=value.")
            }
            result[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return result
    }

    static func reading(_ location: LogLocation, _ body: (DirectoryReader) async throws -> Void) async throws {
        let directory = try location.directory()
        do { try await body(try DirectoryReader(directory: directory)) } catch let error as TransportError {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        } catch let error as UnknownTopic {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        }
    }

    static func writing(_ location: LogLocation, _ body: (CommitLog<PosixFileSystem>) throws -> Void) throws {
        let directory = try location.directory()
        do {
            let transport = try EmbeddedTransport(directory: directory)
            try body(transport.log)
            try transport.close()
        } catch let error as TransportError {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        } catch let error as StorageError {
            StandardError.error(error.detail)
            throw ExitStatus.failure.code
        } catch let error as UnknownTopic {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        }
    }
}
