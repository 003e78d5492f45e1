import ArgumentParser
import Foundation
import KafkaClient

struct ProduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Produce standard input's lines to a topic of a Kafka cluster.",
        discussion: """
            A line is a record's value, or with --key-separator its key and value. With --json a line is an object as
            'tail --json' writes it: {"key":…,"value":…,"headers":{…},"partition":0,"timestamp":…}, where a string is its
            text, null is no key or a tombstone, and other JSON is itself; keyBase64 and valueBase64 hold bytes. What 'tail'
            shows as base64 because it is not JSON stays base64.

            Ends with exit code 1 when a record could not be delivered. With --transactional-id all records are committed
            together, or none is.
            """)

    @Argument(help: "The topic.")
    var topic: String

    @Flag(help: "Lines are JSON objects.")
    var json = false
    @Option(help: "What stands between key and value; \\t is a tab.")
    var keySeparator: String?
    @Option(help: "A key or value that is exactly this is null.")
    var nullMarker: String?
    @Option(help: "The partition; default: by the key, as Java's clients choose it.")
    var partition: Int32?
    @Option(name: .customLong("header"), help: "A header for every record, as name=value; may be repeated.")
    var headerTexts: [String] = []

    @Option(help: "How many replicas must have a record: 0, 1 or all.")
    var acks: String = "all"
    @Option(help: "none, gzip, snappy, lz4 or zstd.")
    var compression: String = "none"
    @Flag(help: "Let no retry double or reorder records.")
    var idempotent = false
    @Option(help: "Produce everything in one transaction under this id.")
    var transactionalId: String?
    @Flag(help: "Print each record's partition and offset, one JSON object a line.")
    var report = false

    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        if json && (keySeparator != nil || nullMarker != nil) {
            throw ValidationError("--key-separator and --null-marker are for lines of text, not for --json.")
        }
        if keySeparator?.isEmpty == true { throw ValidationError("--key-separator must not be empty.") }
        if !["0", "1", "all", "-1"].contains(acks) { throw ValidationError("--acks '\(acks)' is not 0, 1 or all.") }
        if !["none", "gzip", "snappy", "lz4", "zstd"].contains(compression) {
            throw ValidationError("--compression '\(compression)' is not none, gzip, snappy, lz4 or zstd.")
        }
        if let partition, partition < 0 { throw ValidationError("--partition must not be negative.") }
        if (idempotent || transactionalId != nil) && !["all", "-1"].contains(acks) {
            throw ValidationError("--idempotent and --transactional-id need --acks all.")
        }
        for text in headerTexts where !text.contains("=") {
            throw ValidationError("'--header \(text)' must be written name=value.")
        }
    }

    func run() async throws {
        var extra: ClientProperties = ["acks": acks, "compression.type": compression, "linger.ms": "5"]
        // Java's default partitioner, so that keys fall where a Java producer puts them.
        extra["partitioner"] = "murmur2_random"
        if idempotent { extra["enable.idempotence"] = "true" }
        if let transactionalId { extra["transactional.id"] = transactionalId }
        let producer = try cluster.producer(extra)
        var run = ProduceRun(
            producer: producer, topic: topic,
            input: ProducerInput(
                form: json
                    ? .json
                    : .text(
                        keySeparator: keySeparator?.replacingOccurrences(of: "\\t", with: "\t"), nullMarker: nullMarker)
            ),
            partition: partition,
            headers: headerTexts.map { text in
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return RecordHeader(name: String(parts[0]), value: Array(parts[1].utf8))
            },
            isTransactional: transactionalId != nil, isReporting: report, deadline: cluster.deadline)
        signal(SIGPIPE, SIG_IGN)
        do {
            let count = try await run.run()
            StandardError.note("\(count) record\(count == 1 ? "" : "s") produced to '\(topic)'")
        } catch let error as KafkaError {
            throw ClusterOptions.exit(error, .failure)
        } catch let error as ProduceRun.Failed {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        }
    }
}
