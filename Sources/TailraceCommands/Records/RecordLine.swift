import ChangeModel

/// A record as one line of JSON: `{"topic","partition","offset","timestamp","key","value","headers"}`.
///
/// Key and value stand byte for byte as they are in the log where they are JSON, so that number notation and field order
/// survive; other bytes are a base64 string and no bytes are null. A header is a string where its bytes are UTF-8,
/// JSON where they are an object or an array, base64 otherwise.
enum RecordLine {
    /// Appends the line with its line feed.
    static func append(_ record: LogRecord, to line: inout [UInt8]) {
        line += "{\"topic\":".utf8
        line += JSONNode.quoted(record.partition.topic).utf8
        line += ",\"partition\":\(record.partition.partition),\"offset\":\(record.offset.rawValue)".utf8
        line += ",\"timestamp\":\(record.timestamp),\"key\":".utf8
        appendPayload(record.key, to: &line)
        line += ",\"value\":".utf8
        appendPayload(record.value, to: &line)
        line += ",\"headers\":{".utf8
        for (index, header) in record.headers.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line += JSONNode.quoted(header.name).utf8
            line.append(UInt8(ascii: ":"))
            appendHeader(header.value, to: &line)
        }
        line += "}}\n".utf8
    }

    private static func appendPayload(_ bytes: [UInt8]?, to line: inout [UInt8]) {
        guard let bytes else {
            line += "null".utf8
            return
        }
        if JSONText.isValid(bytes) { appendOnOneLine(bytes, to: &line) } else { appendBase64(bytes, to: &line) }
    }

    private static func appendHeader(_ bytes: [UInt8]?, to line: inout [UInt8]) {
        guard let bytes else {
            line += "null".utf8
            return
        }
        if bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "["), JSONText.isValid(bytes) {
            appendOnOneLine(bytes, to: &line)
        } else if let text = String(validating: bytes, as: UTF8.self) {
            line += JSONNode.quoted(text).utf8
        } else {
            appendBase64(bytes, to: &line)
        }
    }

    /// A line end can only stand between JSON's tokens, where a blank means the same.
    private static func appendOnOneLine(_ bytes: [UInt8], to line: inout [UInt8]) {
        let start = line.count
        line += bytes
        for index in start..<line.count where line[index] == 0x0A || line[index] == 0x0D { line[index] = 0x20 }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func appendBase64(_ bytes: [UInt8], to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            for digit in 0..<4 {
                line.append(
                    digit <= count ? alphabet[Int(group >> UInt32(18 - 6 * digit)) & 63] : UInt8(ascii: "="))
            }
            index += 3
        }
        line.append(UInt8(ascii: "\""))
    }
}
