import PostgresCapture

/// What the demonstration shows at one moment, as text.
struct DemoScreen: Equatable {
    var server = ""
    var elapsedSeconds = 0
    var phase = CaptureStatus.Phase.starting
    var snapshotRowCount: UInt64 = 0
    var snapshotRowTotal = 0
    var recordCount: UInt64 = 0
    var recordsPerSecond: [Double] = []
    var logByteCount: UInt64 = 0
    var lagSeconds = 0.0
    var transactionCount = 0
    var rowCount = 0
    var error: String?
    /// The newest events, the newest last.
    var events: [String] = []
    var hints: [String] = []

    /// The panel for a terminal, as lines no wider than `width`.
    func panel(style: TextStyle, width: Int) -> [String] {
        var lines: [String] = []
        let clock = "\(Self.two(elapsedSeconds / 60)):\(Self.two(elapsedSeconds % 60))"
        lines.append(
            style("tailrace demo", .bold)
                + style("  \(server) → change events → durable log  \(clock)  Ctrl-C stops", .dim))
        lines.append("")
        let dot = phase == .streaming ? style("●", .green) : style("●", .yellow)
        lines.append(
            "\(dot) \(phase.rawValue)   \(Self.grouped(recordCount)) events   "
                + style("\(Self.grouped(UInt64(recordsPerSecond.last ?? 0)))/s", .bold)
                + "   \(Self.size(logByteCount)) in the log   lag \(Self.seconds(lagSeconds))")
        if let error { lines.append(style(String(error.prefix(width)), .red)) }
        lines.append(progressLine(style: style))
        lines.append(
            "shop      \(Self.grouped(UInt64(transactionCount))) transactions, \(Self.grouped(UInt64(rowCount))) row changes"
        )
        lines.append("events/s  " + style(Self.sparkline(recordsPerSecond.suffix(max(10, min(60, width - 12)))), .cyan))
        lines.append("")
        lines.append(style("last events", .bold))
        for event in events { lines.append("  " + String(event.prefix(max(10, width - 3)))) }
        lines.append("")
        for hint in hints { lines.append(style(String(hint.prefix(width)), .dim)) }
        return lines
    }

    private func progressLine(style: TextStyle) -> String {
        let isDone = phase == .streaming || phase == .stopped
        let total = max(1, snapshotRowTotal)
        let fraction = isDone ? 1 : min(1, Double(snapshotRowCount) / Double(total))
        let filled = Int(fraction * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let count = isDone ? UInt64(snapshotRowTotal) : snapshotRowCount
        var text = "snapshot  \(style(bar, .green)) \(Int(fraction * 100)) %  \(Self.grouped(count)) rows"
        if !isDone, let rate = recordsPerSecond.last, rate > 0, snapshotRowCount > 0 {
            text += "  \(Self.seconds(Double(snapshotRowTotal - Int(min(count, UInt64(total)))) / rate)) left"
        }
        return text
    }

    /// The same for output that is not a terminal: a line, and the newest events below it.
    var line: String {
        var text = "\(elapsedSeconds) s  \(phase.rawValue)  events \(recordCount)"
        text +=
            "  \(Int(recordsPerSecond.last ?? 0))/s  log \(Self.size(logByteCount))  lag \(Self.seconds(lagSeconds))"
        if phase == .snapshot { text += "  snapshot \(snapshotRowCount) of \(snapshotRowTotal) rows" }
        if let error { text += "  error: \(error)" }
        return text + events.suffix(3).map { "\n    \($0)" }.joined()
    }

    // MARK: Numbers for people

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    static func grouped(_ number: UInt64) -> String {
        var result = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return String(result.reversed())
    }

    static func size(_ bytes: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(units[unit])"
    }

    static func seconds(_ value: Double) -> String { "\((value * 100).rounded() / 100) s" }

    static func sparkline(_ values: some Collection<Double>) -> String {
        let marks = Array("▁▂▃▄▅▆▇█")
        let top = max(1, values.max() ?? 1)
        return String(values.map { marks[min(marks.count - 1, Int($0 / top * Double(marks.count - 1) + 0.5))] })
    }
}
