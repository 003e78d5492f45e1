import ArgumentParser
import Foundation
import KafkaClient
import RecordTransport
import SchemaRegistry

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show a topic's records: as differences between a row before and after, or as JSON.",
        discussion: """
            Works while 'tailrace serve' writes. TOPIC may hold * and ?; patterns leave internal topics out. Without a
            starting point, only what comes from now on is shown.

            With --json, one object a line: topic, partition, offset, timestamp, key, value, headers. Key and value are
            the JSON in the log, byte for byte; what is not JSON is base64; null is null. Avro with schemas of the embedded
            registry is shown as JSON.

            With --bootstrap-server the topics of a Kafka cluster are shown, any cluster's, 'tailrace serve' included.
            """)

    @Argument(help: "Topics, by name or pattern.")
    var topics: [String]

    @Flag(help: "Start at the earliest record that is kept.")
    var fromBeginning = false

    @Option(
        parsing: .unconditional, help: "Start at this offset of each partition; a negative one counts from the end.")
    var offset: Int64?

    @Option(help: "Start at this time: 15m, 2h, 2026-01-31, 2026-01-31T12:00:00Z, or milliseconds since 1970.")
    var since: String?

    @Flag(help: "Stop at what was the end when the command began.")
    var exitAtEnd = false

    @Option(name: [.customShort("n"), .long], help: "Stop after this many records.")
    var max: Int?

    @Flag(help: "One JSON object a line.")
    var json = false

    @Option(help: "With a cluster: read as a member of this group, from where it stopped, and commit what was shown.")
    var group: String?

    @Flag(help: "With a cluster: also show records of transactions that are open or were aborted.")
    var readUncommitted = false

    @Option(help: "Decode Avro by this schema registry. Default: the embedded one, with a data directory.")
    var schemaRegistryUrl: String?

    @OptionGroup var location: LogLocation
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        if cluster.isGiven && (location.dataDir != nil || location.config != nil) {
            throw ValidationError("A data directory and a cluster exclude each other.")
        }
        if !cluster.isGiven && (group != nil || readUncommitted) {
            throw ValidationError("--group and --read-uncommitted need --bootstrap-server.")
        }
        if group != nil && (offset != nil || since != nil) {
            throw ValidationError("A group goes on where it stopped: leave --offset and --since out.")
        }

        if [fromBeginning, offset != nil, since != nil].filter({ $0 }).count > 1 {
            throw ValidationError("--from-beginning, --offset and --since exclude each other.")
        }
        if let since, SinceTime.parse(since, now: 0) == nil {
            throw ValidationError(
                "--since '\(since)' is not a time; write 15m, 2h, 3d, 2026-01-31, 2026-01-31T12:00:00Z or milliseconds."
            )
        }
        if let max, max < 1 { throw ValidationError("--max must be at least 1.") }
    }

    func run() async throws {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let start: TailStart
        if fromBeginning {
            start = .beginning
        } else if let offset {
            start = .offset(offset)
        } else if let time = since.flatMap({ SinceTime.parse($0, now: now) }) {
            start = .since(time)
        } else {
            start = .end
        }
        signal(SIGPIPE, SIG_IGN)
        do {
            let client = try registryClient()
            do {
                let schemas = client.map { RegistrySchemas(client: $0) }
                if cluster.isGiven {
                    try await runOnCluster(start, schemas)
                } else {
                    try await runOnDirectory(start, schemas)
                }
            } catch {
                await client?.close()
                throw error
            }
            await client?.close()
        } catch is LineOutput.Closed {
            return
        } catch let error as UnknownTopic {
            StandardError.error("\(error)")
            throw ExitStatus.failure.code
        } catch let error as TransportError {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        } catch let error as KafkaError {
            throw ClusterOptions.exit(error, .failure)
        }
    }

    private func registryClient() throws -> SchemaRegistryClient? {
        guard let schemaRegistryUrl else { return nil }
        var settings = RegistryClientSettings(urls: [schemaRegistryUrl])
        settings.userInfo = ProcessInfo.processInfo.environment["SCHEMA_REGISTRY_USER_INFO"]
        settings.retryCountMax = 1
        do throws(RegistryClientError) { return try SchemaRegistryClient(settings) } catch {
            StandardError.error(error.description)
            throw ExitStatus.usage.code
        }
    }

    private func runOnDirectory(_ start: TailStart, _ schemas: RegistrySchemas?) async throws {
        let reader = try DirectoryReader(directory: try location.directory())
        let run = TailRun(
            reader: reader, topics: topics.map { TopicPattern($0) },
            start: start, exitAtEnd: exitAtEnd, recordCountMax: max ?? .max,
            format: json ? .json : .people(TextStyle.forOutput()),
            decoder: schemas.map { PayloadDecoder($0) } ?? PayloadDecoder(SchemaTopic(reader)))
        var output = LineOutput()
        try await run.run(output: &output)
    }

    private func runOnCluster(_ start: TailStart, _ schemas: RegistrySchemas?) async throws {
        var extra: ClientProperties = [
            "enable.auto.commit": "false", "enable.partition.eof": "true",
            "isolation.level": readUncommitted ? "read_uncommitted" : "read_committed",
            "auto.offset.reset": fromBeginning ? "earliest" : "latest",
        ]
        if let group { extra["group.id"] = group }
        let run = ClusterTail(
            admin: try cluster.admin(), consumer: try cluster.consumer(extra), topics: topics.map { TopicPattern($0) },
            start: start, exitAtEnd: exitAtEnd, recordCountMax: max ?? .max, isJSON: json, style: .forOutput(),
            isGroup: group != nil, decoder: schemas.map { PayloadDecoder($0) })
        var output = LineOutput()
        try await run.run(output: &output)
    }
}
