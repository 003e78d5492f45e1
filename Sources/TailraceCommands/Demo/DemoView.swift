import ChangeModel
import Foundation
import Glibc
import PostgresCapture
import RecordTransport

/// Shows the demonstration while it runs: a panel that is drawn anew on a terminal, a line a second elsewhere.
struct DemoView: Sendable {
    let screen: DemoScreen
    let monitor: CaptureMonitor
    let tally: ShopTraffic.Tally
    let reader: EmbeddedReader
    let logDirectory: String
    let isTerminal: Bool

    private static let eventCountMax = 8

    /// Runs until it is cancelled.
    func run() async {
        var screen = screen
        var shown: [TopicPartition: Offset] = [:]
        var drawnLineCount = 0
        let start = ContinuousClock.now
        var last = (time: start, count: UInt64(0))
        while !Task.isCancelled {
            try? await Task.sleep(for: isTerminal ? .milliseconds(250) : .seconds(1))
            let now = ContinuousClock.now
            await update(&screen, &shown)
            screen.elapsedSeconds = Int((now - start) / .seconds(1))
            if now - last.time > .milliseconds(900) {
                let rate = Double(screen.recordCount - last.count) / ((now - last.time) / .seconds(1))
                screen.recordsPerSecond.append(rate)
                if screen.recordsPerSecond.count > 120 { screen.recordsPerSecond.removeFirst() }
                last = (now, screen.recordCount)
            }
            if isTerminal { draw(screen, &drawnLineCount) } else if !Task.isCancelled { write(screen.line + "\n") }
        }
    }

    private func update(_ screen: inout DemoScreen, _ shown: inout [TopicPartition: Offset]) async {
        let status = monitor.current
        screen.phase = status.phase
        screen.snapshotRowCount = status.snapshotRowCount ?? status.snapshot?.rowCount ?? 0
        screen.lagSeconds = status.lagSeconds
        screen.error = status.phase == .retrying || status.phase == .failed ? status.lastError?.description : nil
        let done = tally.current
        screen.transactionCount = done.transactions
        screen.rowCount = done.rows
        screen.logByteCount = Self.size(of: logDirectory)
        let style = isTerminal ? TextStyle.forOutput() : .plain
        var newest: [(timestamp: Int64, text: String)] = []
        var total: UInt64 = 0
        for topic in (try? await reader.topics()) ?? [] where !topic.isInternal {
            for number in 0..<topic.partitionCount {
                let partition = TopicPartition(topic: topic.name, partition: number)
                guard let offsets = try? await reader.offsets(of: partition) else { continue }
                total += UInt64(offsets.upperBound.rawValue - offsets.lowerBound.rawValue)
                let from = max(shown[partition] ?? .zero, offsets.upperBound.advanced(by: -3))
                guard from < offsets.upperBound else { continue }
                newest += await events(partition, from: max(from, offsets.lowerBound), style)
                shown[partition] = offsets.upperBound
            }
        }
        screen.recordCount = total
        screen.events += newest.sorted { $0.timestamp < $1.timestamp }.map(\.text)
        screen.events = Array(screen.events.suffix(Self.eventCountMax))
    }

    private func events(
        _ partition: TopicPartition, from: Offset, _ style: TextStyle
    ) async -> [(timestamp: Int64, text: String)] {
        do {
            let fetched = try await reader.read(from: from, in: partition, byteCountMax: 1 << 16, maxWait: .zero)
            // Colours would be cut in the middle by the panel's width: events stay plain.
            return try fetched.records().suffix(3).map { record in
                (record.timestamp, RecordDiff(style: .plain).summary(LogRecord(partition, record)))
            }
        } catch { return [] }
    }

    private func draw(_ screen: DemoScreen, _ drawnLineCount: inout Int) {
        var window = winsize()
        let width =
            ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0 && window.ws_col > 20 ? Int(window.ws_col) : 100
        let lines = screen.panel(style: .forOutput(), width: width)
        var text = drawnLineCount > 0 ? "\u{1B}[\(drawnLineCount)A" : ""
        for line in lines { text += "\u{1B}[2K" + line + "\n" }
        // Lines of a longer panel before.
        text += "\u{1B}[J"
        write(text)
        drawnLineCount = lines.count
    }

    private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    private static func size(of directory: String) -> UInt64 {
        guard let files = FileManager.default.enumerator(atPath: directory) else { return 0 }
        var total: UInt64 = 0
        while let file = files.nextObject() as? String {
            guard file.hasSuffix(".log") else { continue }
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(file)")
            total += attributes?[.size] as? UInt64 ?? 0
        }
        return total
    }
}
