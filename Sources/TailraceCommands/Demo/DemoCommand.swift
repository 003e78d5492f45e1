import ArgumentParser
import Foundation
import PostgresCapture

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "See it work: a throwaway PostgreSQL, a busy little shop, and its changes as they happen.",
        discussion: """
            Starts a PostgreSQL server of its own in a temporary directory, fills a shop's tables, keeps changing them,
            and captures every change into a log. Ctrl-C ends it and leaves nothing behind. At the end, what the shop
            did is compared with what the log holds.
            """)

    @Option(help: "Stop after this many seconds. Default: at Ctrl-C.")
    var seconds: Int?
    @Option(help: "Transactions per second.")
    var rate = 20
    @Option(help: "Orders in the tables at the start.")
    var orders = 20_000
    @Flag(help: "A line a second even on a terminal.")
    var plain = false

    func validate() throws {
        if let seconds, !(1...86_400).contains(seconds) { throw ValidationError("--seconds must be from 1 to 86400.") }
        if !(1...10_000).contains(rate) { throw ValidationError("--rate must be from 1 to 10000.") }
        if !(0...10_000_000).contains(orders) { throw ValidationError("--orders must be from 0 to 10000000.") }
    }

    func run() async throws {
        ConsoleLogHandler.bootstrap(.init(format: .text, level: .error))
        do {
            let isTerminal = isatty(STDOUT_FILENO) == 1 && !plain
            let isExact = try await DemoRun(seconds: seconds, rate: rate, orderCount: orders, isTerminal: isTerminal)
                .run()
            if !isExact { throw ExitStatus.failure.code }
        } catch let error as ThrowawayPostgres.Failure {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        } catch let error as ChildProcess.Failure {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        } catch let error as CaptureError {
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        }
    }
}
