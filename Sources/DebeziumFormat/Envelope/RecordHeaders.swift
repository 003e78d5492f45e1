internal import ByteCoding

/// Record headers in the form in which a Kafka record holds them: a count, then keys and values with their lengths.
struct RecordHeaders: Sendable {
    /// No header at all.
    static let none: [UInt8] = [0]

    /// The `__debezium.context.*` headers of every row event, finished; `none` when they are switched off.
    let context: [UInt8]
    /// The same without the count, for events that have another header before them.
    private let contextTail: [UInt8]
    private let contextCount: Int64

    init(_ configuration: EventConfiguration) {
        var tail = ByteBuffer()
        var count: Int64 = 0
        if configuration.contextHeaders {
            let headers = [
                ("__debezium.context.connectorLogicalName", configuration.topicPrefix),
                ("__debezium.context.taskId", configuration.taskID),
                ("__debezium.context.connectorName", "postgresql"),
                ("__debezium.context.runId", configuration.runID),
            ]
            count = Int64(headers.count)
            for (key, value) in headers {
                Self.append(Array(key.utf8), to: &tail)
                Self.append(configuration.headerFormat.bytes(ofString: value), to: &tail)
            }
        }
        contextTail = tail.array()
        contextCount = count
        var whole = ByteBuffer()
        whole.append(varInt: count)
        whole.append(contextTail)
        context = whole.array()
    }

    /// Writes one header before the context headers.
    func write(_ key: StaticString, _ value: borrowing ByteBuffer, to buffer: inout ByteBuffer) {
        buffer.removeAll()
        buffer.append(varInt: contextCount + 1)
        buffer.append(varInt: Int64(key.utf8CodeUnitCount))
        buffer.append(key)
        buffer.append(varInt: Int64(value.count))
        buffer.append(value.span)
        buffer.append(contextTail)
    }

    private static func append(_ bytes: [UInt8], to buffer: inout ByteBuffer) {
        buffer.append(varInt: Int64(bytes.count))
        buffer.append(bytes)
    }
}

extension HeaderFormat {
    /// How a struct header is written: as the recordings show it, JSON without a schema and with decimals in Base64,
    /// unless a JSON converter says otherwise.
    var structFormat: JSONFormat {
        switch self {
        case .simple: JSONFormat(schemasEnabled: false)
        case .json(let format): format
        }
    }

    func bytes(ofString text: String) -> [UInt8] {
        switch self {
        case .simple: return Array(text.utf8)
        case .json(let format):
            let frame = PayloadFrame(ConnectSchema(.string), format)
            var buffer = ByteBuffer()
            buffer.append(frame.opening)
            buffer.append(jsonString: text)
            buffer.append(frame.closing)
            return buffer.array()
        }
    }
}
