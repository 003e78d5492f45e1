import KafkaProtocol
import RecordTransport

extension GoldenEvent {
    /// A record of the log, as a recording's line would show it: keys and values as they are where they are JSON.
    init(topic: String, record: FetchedRecord) {
        self.init(
            topic: topic, key: Self.text(of: record.key), value: Self.text(of: record.value),
            headers: Self.text(of: record.headers))
    }

    /// JSON stands for itself, anything else as a string that no recording has.
    private static func text(of bytes: [UInt8]?) -> [UInt8] {
        guard let bytes else { return Array("null".utf8) }
        guard let first = bytes.first, bytes != Array("null".utf8), Array("{[\"-0123456789tf".utf8).contains(first)
        else {
            return Array("\"not JSON: \(bytes)\"".utf8)
        }
        return bytes
    }

    /// Connect's header converter writes text as it is and structures as JSON.
    private static func text(of headers: [RecordHeader]) -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "{")]
        for header in headers {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text += Array("\"\(header.key)\":".utf8)
            switch header.value {
            case nil: text += Array("null".utf8)
            case .some(let value) where value.first == UInt8(ascii: "{") || value.first == UInt8(ascii: "["):
                text += value
            case .some(let value): text += Array("\"\(String(decoding: value, as: UTF8.self))\"".utf8)
            }
        }
        return text + [UInt8(ascii: "}")]
    }
}
