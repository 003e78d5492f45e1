/// One recorded event, its parts as they stand in the file.
struct GoldenEvent: Sendable {
    let topic: String
    /// The parts' texts: JSON, `null` for none.
    let key: [UInt8]
    let value: [UInt8]
    let headers: [UInt8]

    /// - Returns: nil when the line is not an object with these members.
    init?(line: [UInt8]) {
        let members = JSONText.members(of: line)
        func member(_ name: String) -> [UInt8]? { members.first { $0.name == name }.map { Array(line[$0.value]) } }
        guard let topic = member("topic"), let key = member("key"), let value = member("value"),
            let headers = member("headers")
        else { return nil }
        self.topic = String(decoding: topic.dropFirst().dropLast(), as: UTF8.self)
        self.key = key
        self.value = value
        self.headers = headers
    }

    init(topic: String, key: [UInt8], value: [UInt8], headers: [UInt8]) {
        self.topic = topic
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// Finds the members of a JSON object without changing a byte of them.
enum JSONText {
    /// The top-level members of the object in `text`, in order; empty when it is none.
    static func members(of text: [UInt8]) -> [(name: String, value: Range<Int>)] {
        var members: [(name: String, value: Range<Int>)] = []
        guard text.first == UInt8(ascii: "{") else { return [] }
        var index = 1
        while index < text.count, text[index] == UInt8(ascii: "\"") {
            let nameEnd = end(of: text, from: index)
            let name = String(decoding: text[(index + 1)..<(nameEnd - 1)], as: UTF8.self)
            guard nameEnd < text.count, text[nameEnd] == UInt8(ascii: ":") else { return [] }
            let valueEnd = end(of: text, from: nameEnd + 1)
            members.append((name, (nameEnd + 1)..<valueEnd))
            guard valueEnd < text.count, text[valueEnd] == UInt8(ascii: ",") else { break }
            index = valueEnd + 1
        }
        return members
    }

    /// Where the value that begins at `start` ends.
    private static func end(of text: [UInt8], from start: Int) -> Int {
        var index = start
        var depth = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index += 1
                while index < text.count, text[index] != UInt8(ascii: "\"") {
                    index += text[index] == UInt8(ascii: "\\") ? 2 : 1
                }
                index = min(index + 1, text.count)
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return index }
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: ","): if depth == 0 { return index }
            default: break
            }
            index += 1
        }
        return index
    }
}
