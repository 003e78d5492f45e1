import Foundation
import Logging

/// Writes log lines to standard error: readable ones, or one JSON object a line.
struct ConsoleLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let label: String
    let format: ProcessConfiguration.LoggingSettings.Format
    let style: TextStyle
    /// Takes a finished line.
    let write: @Sendable (String) -> Void

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Date().formatted(
            .iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true))
        let values = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        switch format {
        case .json:
            var line = "{\"time\":\"\(time)\",\"level\":\"\(event.level)\",\"logger\":\(JSONNode.quoted(label))"
            line += ",\"message\":\(JSONNode.quoted(event.message.description))"
            for (key, value) in values {
                line += ",\(JSONNode.quoted(key)):\(JSONNode.quoted(value.description))"
            }
            write(line + "}\n")
        case .text:
            var line = style(time, .dim) + " " + Self.shown(event.level, style) + " "
            line += JSONNode.printable(event.message.description)
            for (key, value) in values {
                let text = value.description
                let isPlain = !text.isEmpty && text.allSatisfy { !$0.isWhitespace && $0 != "\"" }
                line += " " + style("\(key)=", .dim) + (isPlain ? JSONNode.printable(text) : JSONNode.quoted(text))
            }
            write(line + "\n")
        }
    }

    private static func shown(_ level: Logger.Level, _ style: TextStyle) -> String {
        let name = level.rawValue.uppercased().padding(toLength: 8, withPad: " ", startingAt: 0)
        switch level {
        case .trace, .debug: return style(name, .dim)
        case .info: return name
        case .notice: return style(name, .cyan)
        case .warning: return style(name, .yellow)
        case .error, .critical: return style(name, .red)
        }
    }

    /// Makes every logger of the process write as configured. Called once.
    static func bootstrap(_ settings: ProcessConfiguration.LoggingSettings) {
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .notice
        let style = TextStyle.forOutput(STDERR_FILENO)
        LoggingSystem.bootstrap { label in
            ConsoleLogHandler(
                logLevel: level, label: label, format: settings.format, style: style,
                write: { FileHandle.standardError.write(Data($0.utf8)) })
        }
    }
}
