import ChangeModel
import Foundation

/// A record for people: a change event as the difference between its row before and after, anything else as it is.
struct RecordDiff {
    let style: TextStyle
    /// Longer values are cut in the middle of the view, never in the log.
    var valueWidthMax = 120

    func render(_ record: LogRecord) -> String {
        let time = Self.clock.string(from: Date(timeIntervalSince1970: Double(record.timestamp) / 1000))
        var head = style(time, .dim) + "  " + style(JSONNode.printable(record.partition.topic), .bold)
        head += style("  \(record.partition.partition)@\(record.offset)  ", .dim)
        let key = record.key.map { shown($0) }
        guard let value = record.value else {
            return head + style("TOMBSTONE", .red) + suffix(key) + "\n"
        }
        guard let node = JSONNode(value).map({ Self.payload($0) }) else {
            return head + style("\(value.count) bytes", .cyan) + suffix(key) + "\n    " + shown(value) + "\n"
        }
        guard let operation = node["op"]?.text, node["before"] != nil || node["after"] != nil || node["message"] != nil
        else {
            return head + suffix(key, " ") + "\n    " + cut(node.compact) + "\n"
        }
        let title: String
        switch operation {
        case "r": title = style("READ", .cyan)
        case "c": title = style("INSERT", .green)
        case "u": title = style("UPDATE", .yellow)
        case "d": title = style("DELETE", .red)
        case "t": title = style("TRUNCATE", .red)
        case "m": title = style("MESSAGE", .blue)
        default: title = JSONNode.printable(operation)
        }
        return head + title + suffix(key) + "\n" + body(operation, node)
    }

    /// The record on one line: what happened, to which key, and the columns that changed.
    func summary(_ record: LogRecord) -> String {
        let key = record.key.map { shown($0) } ?? ""
        let head = "\(record.partition.topic) "
        guard let value = record.value else { return head + "TOMBSTONE \(key)" }
        guard let node = JSONNode(value).map({ Self.payload($0) }), let operation = node["op"]?.text else {
            return head + shown(value)
        }
        let titles = ["r": "READ", "c": "INSERT", "u": "UPDATE", "d": "DELETE", "t": "TRUNCATE", "m": "MESSAGE"]
        let before = node["before"]?.members ?? []
        let after = node["after"]?.members ?? []
        let changes = after.compactMap { member -> String? in
            let old = before.first { $0.name == member.name }?.value
            if before.isEmpty { return member.value.isNull ? nil : "\(member.name)=\(member.value.display)" }
            return old == member.value ? nil : "\(member.name) \(old?.display ?? "?") → \(member.value.display)"
        }
        return head + "\(titles[operation] ?? operation) \(key)  " + cut(changes.joined(separator: ", "))
    }

    private func body(_ operation: String, _ node: JSONNode) -> String {
        if operation == "m" { return "    \(cut(node["message"]?.compact ?? ""))\n" }
        let before = node["before"]?.members ?? []
        let after = node["after"]?.members ?? []
        let names = after.map(\.name) + before.map(\.name).filter { name in !after.contains { $0.name == name } }
        let width = min(30, names.map(\.count).max() ?? 0)
        var lines = ""
        var sameCount = 0
        for name in names {
            let old = before.first { $0.name == name }?.value
            let new = after.first { $0.name == name }?.value
            let label = JSONNode.printable(name).padding(toLength: max(width, name.count), withPad: " ", startingAt: 0)
            switch (old, new) {
            case (let old?, let new?) where old == new: sameCount += 1
            case (let old?, let new?):
                lines += "  ~ \(label)  \(style(cut(old.display), .red)) → \(style(cut(new.display), .green))\n"
            case (nil, let new?):
                let sign = operation == "c" ? style("+", .green) : " "
                lines += "  \(sign) \(label)  \(new.isNull ? style("null", .dim) : cut(new.display))\n"
            case (let old?, nil):
                lines += "  \(style("-", .red)) \(label)  \(old.isNull ? style("null", .dim) : cut(old.display))\n"
            case (nil, nil): break
            }
        }
        if sameCount > 0 {
            lines += style("    (\(sameCount) \(sameCount == 1 ? "column" : "columns") unchanged)", .dim) + "\n"
        }
        return lines
    }

    private func suffix(_ key: String?, _ separator: String = "  ") -> String {
        key.map { "\(separator)\(style($0, .dim))" } ?? ""
    }

    private func shown(_ bytes: [UInt8]) -> String {
        if let node = JSONNode(bytes) { return cut(Self.payload(node).compact) }
        if let text = String(validating: bytes, as: UTF8.self) { return cut(JSONNode.printable(text)) }
        return cut(bytes.prefix(valueWidthMax).map { String(format: "%02x", $0) }.joined())
    }

    private func cut(_ text: String) -> String {
        let text = JSONNode.printable(text)
        return text.count <= valueWidthMax ? text : text.prefix(valueWidthMax - 1) + "…"
    }

    /// The payload where the schema stands beside it (`schemas.enable`).
    static func payload(_ node: JSONNode) -> JSONNode {
        guard let members = node.members, members.count == 2, members[0].name == "schema",
            members[1].name == "payload"
        else { return node }
        return members[1].value
    }

    private static let clock: DateFormatter = {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "HH:mm:ss.SSS"
        return formatter
    }()
}
