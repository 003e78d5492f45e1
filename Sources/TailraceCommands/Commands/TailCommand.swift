import ArgumentParser
import Foundation
import RecordTransport

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show a topic's records: as differences between a row before and after, or as JSON.",
        discussion: """
            Works while 'tailrace serve' writes. TOPIC may hold * and ?; patterns leave internal topics out. Without a
            starting point, only what comes from now on is shown.

            With --json, one object a line: topic, partition, offset, timestamp, key, value, headers. Key and value are
            the JSON in the log, byte for byte; what is not JSON is base64; null is null.
            """)

    @Argument(help: "Topics, by name or pattern.")
    var topics: [String]

    @Flag(help: "Start at the earliest record that is kept.")
    var fromBeginning = false

    @Option(help: "Start at this offset of each partition; a negative one counts from the end.")
    var offset: Int64?

    @Option(help: "Start at this time: 15m, 2h, 2026-01-31, 2026-01-31T12:00:00Z, or milliseconds since 1970.")
    var since: String?

    @Flag(help: "Stop at what was the end when the command began.")
    var exitAtEnd = false

    @Option(name: [.customShort("n"), .long], help: "Stop after this many records.")
    var max: Int?

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var location: LogLocation

    func validate() throws {
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
        let directory = try location.directory()
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let start: TailRun<DirectoryReader>.Start
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
            let run = TailRun(
                reader: try DirectoryReader(directory: directory), topics: topics.map { TopicPattern($0) },
                start: start,
                exitAtEnd: exitAtEnd, recordCountMax: max ?? .max,
                format: json ? .json : .people(TextStyle.forOutput()))
            var output = LineOutput()
            try await run.run(output: &output)
        } catch is LineOutput.Closed {
            return
        } catch let error as TailRun<DirectoryReader>.UnknownTopic {
            StandardError.error("\(error)")
            throw ExitStatus.failure.code
        } catch let error as TransportError {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        }
    }
}
