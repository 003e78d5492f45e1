public import ByteCoding
public import ChangeModel

/// Turns changes into Debezium events: encodes each into its record's bytes and appends it to a sink.
///
/// One owner; not thread-safe. Keeps scratch buffers: a row allocates nothing. All `encode…` members return how many
/// records they appended, and throw ``EncodeError``; after an error the sink holds none of the failed change's records.
public struct ChangeEncoder: ~Copyable {
    public let configuration: EventConfiguration
    /// The wall clock for the envelope's `ts_ms`, `ts_us` and `ts_ns` and for the records' timestamps: nanoseconds since
    /// 1970. The caller refreshes it.
    public var processingTimeNanos: Int64 = 0
    /// The names of the connector's topics.
    public let topics: TopicNames

    let headers: RecordHeaders
    let frames: InternalFrames
    private let skipped: SkippedOperations
    private var tables: [CompiledTable] = []
    var rows: RowEncoder
    private var internalTopics: [String: TopicHandle] = [:]
    /// Scratch for the headers of key changes, and for events without a table.
    private var headerScratch = ByteBuffer()
    private var keySchemas: SchemaIdentifiers
    private var valueSchemas: SchemaIdentifiers
    var internalSchemas: [InternalSchemas.Key: InternalSchemas] = [:]
    var keyScratch = ByteBuffer()
    var valueScratch = ByteBuffer()

    public init(configuration: EventConfiguration) {
        self.configuration = configuration
        topics = TopicNames(configuration)
        headers = RecordHeaders(configuration)
        frames = InternalFrames(configuration)
        skipped = SkippedOperations(configuration.skippedOperations)
        rows = RowEncoder(configuration)
        keySchemas = SchemaIdentifiers(configuration.keySchemas)
        valueSchemas = SchemaIdentifiers(configuration.valueSchemas)
    }

    /// Compiles a table, again after a schema change, and returns its handle: the earlier one where nothing changed.
    /// Earlier handles of the same table stay
    /// usable for rows that were read before the change.
    /// With a converter that needs a registry, the table's schemas are registered before its first event.
    /// - Throws: ``EncodeError`` when a column cannot be had in the configured form, or the log refuses the topic.
    public mutating func define<Sink: RecordSink & ~Copyable>(
        _ table: TableSchema, types: TypeCatalog, into sink: inout Sink
    ) throws(EncodeError) -> TableHandle {
        // Servers introduce relations again and again; what has not changed keeps its handle, so that memory stays bounded.
        let known = tables.lastIndex { $0.definition == table && $0.types == types }
        if let known { return TableHandle(rawValue: Int32(known)) }
        let name = topics.table(table.id)
        let topic = try Self.topic(named: name, of: table.id, in: &sink)
        tables.append(
            try CompiledTable(table, types: types, configuration: configuration, topic: topic, topicName: name))
        return TableHandle(rawValue: Int32(tables.count - 1))
    }

    /// Encodes one row change as what Debezium emits for it: no record (a skipped operation), one, or up to three (a
    /// changed key becomes a delete, a tombstone and a create).
    public mutating func encode<Sink: RecordSink & ~Copyable>(
        _ change: RowChange, of table: TableHandle, at position: borrowing SourcePosition, into sink: inout Sink
    ) throws(EncodeError) -> Int {
        let table = tables[Int(table.rawValue)]
        if table.valueRegistration != nil || table.keyRegistration != nil { try register(table, hasKey: true) }
        let plan = try rows.encode(change, of: table, at: position, now: processingTimeNanos)
        let topic = table.topic
        let hasKey = table.hasKey
        let timestamp = processingTimeMillis
        switch plan {
        case .nothing: return 0
        case .event:
            sink.append(
                to: topic, timestamp: timestamp, key: rows.key.span, hasKey: hasKey, value: rows.value.span,
                hasValue: true, headers: headers.context.span)
            return 1
        case .deletion:
            sink.append(
                to: topic, timestamp: timestamp, key: rows.key.span, hasKey: hasKey, value: rows.value.span,
                hasValue: true, headers: headers.context.span)
            guard configuration.tombstonesOnDelete else { return 1 }
            sink.append(
                to: topic, timestamp: timestamp, key: rows.key.span, hasKey: hasKey, value: rows.value.span,
                hasValue: false, headers: headers.context.span)
            return 2
        case .keyChange(let hasDelete, let hasCreate):
            var count = 0
            if hasDelete {
                headers.write("__debezium.newkey", rows.newKeyHeader, to: &headerScratch)
                sink.append(
                    to: topic, timestamp: timestamp, key: rows.oldKey.span, hasKey: true, value: rows.value.span,
                    hasValue: true, headers: headerScratch.span)
                count += 1
                if configuration.tombstonesOnDelete {
                    sink.append(
                        to: topic, timestamp: timestamp, key: rows.oldKey.span, hasKey: true, value: rows.value.span,
                        hasValue: false, headers: headerScratch.span)
                    count += 1
                }
            }
            if hasCreate {
                headers.write("__debezium.oldkey", rows.oldKeyHeader, to: &headerScratch)
                sink.append(
                    to: topic, timestamp: timestamp, key: rows.key.span, hasKey: true, value: rows.secondValue.span,
                    hasValue: true, headers: headerScratch.span)
                count += 1
            }
            return count
        }
    }

    /// Encodes a TRUNCATE of one or more tables: one event for each, in the order of `tables`.
    public mutating func encodeTruncate<Sink: RecordSink & ~Copyable>(
        of tables: [TableHandle], at position: borrowing SourcePosition, into sink: inout Sink
    ) throws(EncodeError) -> Int {
        if skipped.contains(.truncate) { return 0 }
        for table in tables {
            let table = self.tables[Int(table.rawValue)]
            try register(table, hasKey: false)
            rows.encodeTruncate(of: table, at: position, now: processingTimeNanos)
            sink.append(
                to: table.topic, timestamp: processingTimeMillis, key: rows.key.span, hasKey: false,
                value: rows.value.span, hasValue: true, headers: headers.context.span)
        }
        return tables.count
    }

    /// Asks for the identifiers of the table's schemas, the key's first, as the converters do at a first event.
    @inline(never)
    private mutating func register(_ table: CompiledTable, hasKey: Bool) throws(EncodeError) {
        do throws(SchemaRegistrationError) {
            try table.register(keys: &keySchemas, values: &valueSchemas, hasKey: hasKey)
        } catch {
            throw EncodeError(error, table: table.id)
        }
    }

    /// The frame of an event without a table.
    mutating func frame(_ request: SchemaRegistration, isKey: Bool) throws(EncodeError) -> PayloadFrame {
        do throws(SchemaRegistrationError) {
            return isKey ? try keySchemas.frame(request) : try valueSchemas.frame(request)
        } catch {
            throw EncodeError(error, table: nil)
        }
    }

    /// Appends the encoded key of a change's row to `buffer`, so that the windows of an incremental snapshot can tell
    /// rows apart: the new row's key, or the old row's where there is no new one.
    /// - Returns: false when the table has no key.
    public mutating func appendKey(
        of change: RowChange, in table: TableHandle, to buffer: inout ByteBuffer
    ) throws(EncodeError) -> Bool {
        try rows.appendKey(of: change, in: tables[Int(table.rawValue)], to: &buffer)
    }

    /// The handle of a topic that belongs to no table; asked for at its first use.
    mutating func internalTopic<Sink: RecordSink & ~Copyable>(
        _ name: String, in sink: inout Sink
    ) throws(EncodeError) -> TopicHandle {
        if let handle = internalTopics[name] { return handle }
        let handle = try Self.topic(named: name, of: nil, in: &sink)
        internalTopics[name] = handle
        return handle
    }

    private static func topic<Sink: RecordSink & ~Copyable>(
        named name: String, of table: TableID?, in sink: inout Sink
    ) throws(EncodeError) -> TopicHandle {
        do throws(TopicError) {
            return try sink.topic(named: name)
        } catch {
            throw EncodeError(code: .topic, table: table, detail: error.description)
        }
    }

    /// Milliseconds since 1970, for records' timestamps and events without finer ones.
    var processingTimeMillis: Int64 { processingTimeNanos / 1_000_000 }
}
