internal import ByteCoding
public import ChangeModel

/// Events that no table's row caused: logical decoding messages, heartbeats, notifications. They carry no headers.
extension ChangeEncoder {
    /// What a message counts under in its transaction, without the hash that Debezium appends.
    static let messageCollectionPrefix =
        "io.debezium.connector.postgresql.LogicalDecodingMessageMonitor$LogicalDecodingMessageId@"

    /// Encodes a logical decoding message (`pg_logical_emit_message`). Prefix filters are the caller's.
    public mutating func encodeMessage<Sink: RecordSink & ~Copyable>(
        prefix: Span<UInt8>, content: Span<UInt8>, isTransactional: Bool, at position: borrowing SourcePosition,
        into sink: inout Sink
    ) throws(EncodeError) -> Int {
        let topic = try internalTopic(topics.message, in: &sink)
        keyScratch.removeAll()
        keyScratch.append(frames.messageKey.opening)
        keyScratch.append("{\"prefix\":")
        keyScratch.append(jsonString: prefix)
        keyScratch.append("}")
        keyScratch.append(frames.messageKey.closing)

        var order: TransactionCounts.Order?
        if isTransactional {
            // Each message is a collection of its own to Debezium, named by its address; ours is its LSN's lower half.
            let name = String(UInt32(truncatingIfNeeded: position.lsn?.rawValue ?? 0), radix: 16)
            order = rows.counts.count(Self.messageCollectionPrefix + name)
        }
        valueScratch.removeAll()
        valueScratch.append(frames.messageValue.opening)
        valueScratch.append("{\"op\":\"m\",\"ts_ms\":")
        valueScratch.append(decimal: processingTimeMillis)
        valueScratch.append(",")
        let table = Array("\"\",\"table\":\"\",\"txId\":".utf8)
        rows.appendSource(at: position, order: order, table: table.span, to: &valueScratch)
        valueScratch.append(",\"message\":{\"prefix\":")
        valueScratch.append(jsonString: prefix)
        valueScratch.append(",\"content\":\"")
        switch configuration.binary {
        case .bytes, .base64: valueScratch.append(base64: content)
        case .base64URLSafe: valueScratch.append(base64: content, urlSafe: true)
        case .hex: valueScratch.append(hex: content)
        }
        valueScratch.append("\"}}")
        valueScratch.append(frames.messageValue.closing)
        try appendScratch(.message, to: topic, named: topics.message, into: &sink)
        return 1
    }

    /// Encodes a heartbeat.
    public mutating func encodeHeartbeat<Sink: RecordSink & ~Copyable>(into sink: inout Sink) throws(EncodeError) -> Int
    {
        let topic = try internalTopic(topics.heartbeat, in: &sink)
        keyScratch.removeAll()
        keyScratch.append(frames.heartbeatKey.opening)
        keyScratch.append("{\"serverName\":")
        keyScratch.append(jsonString: configuration.topicPrefix)
        keyScratch.append("}")
        keyScratch.append(frames.heartbeatKey.closing)
        valueScratch.removeAll()
        valueScratch.append(frames.heartbeatValue.opening)
        valueScratch.append("{\"ts_ms\":")
        valueScratch.append(decimal: processingTimeMillis)
        valueScratch.append("}")
        valueScratch.append(frames.heartbeatValue.closing)
        try appendScratch(.heartbeat, to: topic, named: topics.heartbeat, into: &sink)
        return 1
    }

    /// Encodes a notification for the `sink` channel; nothing when that channel is off.
    /// - Parameters:
    ///   - id: a new UUID in its usual text form.
    ///   - additionalData: in the order in which the event shows it; ``JavaHashMapOrder`` has Debezium's.
    public mutating func encodeNotification<Sink: RecordSink & ~Copyable>(
        id: String, type: String, aggregateType: String, additionalData: [(String, String)], into sink: inout Sink
    ) throws(EncodeError) -> Int {
        guard let name = configuration.notificationTopic else { return 0 }
        let topic = try internalTopic(name, in: &sink)
        keyScratch.removeAll()
        keyScratch.append(frames.notificationKey.opening)
        keyScratch.append("{\"id\":")
        keyScratch.append(jsonString: id)
        keyScratch.append("}")
        keyScratch.append(frames.notificationKey.closing)
        valueScratch.removeAll()
        valueScratch.append(frames.notificationValue.opening)
        valueScratch.append("{\"id\":")
        valueScratch.append(jsonString: id)
        valueScratch.append(",\"type\":")
        valueScratch.append(jsonString: type)
        valueScratch.append(",\"aggregate_type\":")
        valueScratch.append(jsonString: aggregateType)
        valueScratch.append(",\"additional_data\":{")
        for (index, entry) in additionalData.enumerated() {
            if index > 0 { valueScratch.append(",") }
            valueScratch.append(jsonString: entry.0)
            valueScratch.append(":")
            valueScratch.append(jsonString: entry.1)
        }
        valueScratch.append("},\"timestamp\":")
        valueScratch.append(decimal: processingTimeMillis)
        valueScratch.append("}")
        valueScratch.append(frames.notificationValue.closing)
        try appendScratch(.notification, to: topic, named: name, into: &sink)
        return 1
    }

    /// Appends what the scratch buffers hold as one record without headers.
    mutating func appendScratch<Sink: RecordSink & ~Copyable>(
        _ event: InternalSchemas.Event, to topic: TopicHandle, named name: String, into sink: inout Sink
    ) throws(EncodeError) {
        try convertScratch(event, topic: name)
        let headers = RecordHeaders.none
        sink.append(
            to: topic, timestamp: processingTimeMillis, key: keyScratch.span, hasKey: true, value: valueScratch.span,
            hasValue: true, headers: headers.span)
    }
}
