internal import ByteCoding
internal import ChangeModel

/// Makes the bytes of a row's events in scratch buffers; ``ChangeEncoder`` hands them to the sink. Nothing here is
/// generic or allocates once the buffers have grown.
struct RowEncoder: ~Copyable {
    /// Which records a change becomes.
    enum Plan: Equatable {
        /// No record: the operation is skipped.
        case nothing
        /// One record: ``key``, ``value``.
        case event
        /// The same, and a tombstone after it where they are configured.
        case deletion
        /// A delete under ``oldKey`` with ``value``, its tombstone, both with the new key in a header, and a create
        /// under ``key`` with ``secondValue`` and the old key in a header; each only where it is not skipped.
        case keyChange(delete: Bool, create: Bool)
    }

    private let skipped: SkippedOperations
    private let marks: EnvelopeMarks
    private var tail: EnvelopeTail
    var counts = TransactionCounts()
    private(set) var key = ByteBuffer()
    private(set) var oldKey = ByteBuffer()
    private(set) var value = ByteBuffer(capacity: 4096)
    private(set) var secondValue = ByteBuffer()
    /// The keys as headers show them.
    private(set) var newKeyHeader = ByteBuffer()
    private(set) var oldKeyHeader = ByteBuffer()

    init(_ configuration: EventConfiguration) {
        skipped = SkippedOperations(configuration.skippedOperations)
        marks = configuration.valueAvro == nil ? .json : .avro
        tail = EnvelopeTail(configuration)
    }

    mutating func encode(
        _ change: RowChange, of table: CompiledTable, at position: borrowing SourcePosition, now: Int64
    ) throws(EncodeError) -> Plan {
        // An update that is skipped may still change the key, and the delete and create it becomes are not updates.
        let isSkipped = skipped.contains(change.operation)
        if isSkipped, change.operation != .update || change.oldTuple == .none { return .nothing }
        try Self.check(change, against: table)
        let plan: Plan
        do throws(FormatError) {
            plan = try encodePayload(change, of: table)
        } catch {
            throw EncodeError(code: .malformedValue, table: table.id, detail: error.description)
        }
        tail.prepare(position)
        // Counting comes after everything that can fail: a refused change leaves the numbers as they were.
        switch plan {
        case .nothing: break
        case .event, .deletion:
            if isSkipped { return .nothing }
            let order = change.operation == .read ? nil : counts.count(table)
            tail.append(change.operation, order, of: table, at: position, now: now, to: &value)
        case .keyChange(let hasDelete, let hasCreate):
            if hasDelete {
                let order = counts.count(table)
                tail.append(.delete, order, of: table, at: position, now: now, to: &value)
            }
            if hasCreate {
                let order = counts.count(table)
                tail.append(.create, order, of: table, at: position, now: now, to: &secondValue)
            }
        }
        return plan
    }

    /// A TRUNCATE's event: no row and no key.
    mutating func encodeTruncate(of table: CompiledTable, at position: borrowing SourcePosition, now: Int64) {
        value.removeAll()
        value.append(table.frame.opening)
        value.append(marks.beforeNull)
        value.append(marks.afterNull)
        tail.prepare(position)
        let order = counts.count(table)
        tail.append(.truncate, order, of: table, at: position, now: now, to: &value)
    }

    /// Appends `"source":{…},"transaction":…` for events without a table.
    mutating func appendSource(
        at position: borrowing SourcePosition, order: TransactionCounts.Order?, table: Span<UInt8>,
        to buffer: inout ByteBuffer
    ) {
        tail.appendSource(at: position, order: order, table: table, to: &buffer)
    }

    /// Appends the key of the change's row, without its schema: the new one's, or the old one's where there is no new
    /// one.
    func appendKey(of change: RowChange, in table: CompiledTable, to buffer: inout ByteBuffer) throws(EncodeError)
        -> Bool
    {
        guard table.hasKey else { return false }
        let key = table.key
        try Self.check(change, against: table)
        do throws(FormatError) {
            if change.new.isEmpty {
                try key.append(change.old, fallback: change.old, of: change.bytes, isRead: false, to: &buffer)
            } else {
                let isRead = change.operation == .read
                try key.append(change.new, fallback: change.old, of: change.bytes, isRead: isRead, to: &buffer)
            }
            return true
        } catch {
            throw EncodeError(code: .malformedValue, table: table.id, detail: error.description)
        }
    }

    private static func check(_ change: RowChange, against table: CompiledTable) throws(EncodeError) {
        let hasNew = change.operation != .delete
        let count = table.columnCount
        guard change.old.count == (change.oldTuple == .none ? 0 : count), change.new.count == (hasNew ? count : 0),
            hasNew || change.oldTuple != .none
        else {
            throw EncodeError(
                code: .columnMismatch, table: table.id,
                detail:
                    "the change has \(change.old.count) old and \(change.new.count) new columns where the table was "
                    + "defined with \(count); define the table again before the change")
        }
    }

    /// Everything up to the `source` block, and the keys.
    private mutating func encodePayload(_ change: RowChange, of table: CompiledTable) throws(FormatError) -> Plan {
        let bytes = change.bytes
        value.removeAll()
        value.append(table.frame.opening)
        key.removeAll()
        guard change.operation != .delete else {
            try Self.appendKey(table, change.old, change.old, bytes, isRead: false, to: &key)
            try appendBefore(change, of: table)
            value.append(marks.afterNull)
            return .deletion
        }
        let isRead = change.operation == .read
        try Self.appendKey(table, change.new, change.old, bytes, isRead: isRead, to: &key)
        guard change.oldTuple != .none else {
            value.append(marks.beforeNull)
            value.append(marks.after)
            try table.row.append(change.new, fallback: change.old, of: bytes, isRead: isRead, to: &value)
            return .event
        }
        if try hasNewKey(change, of: table) {
            try appendBefore(change, of: table)
            value.append(marks.afterNull)
            secondValue.removeAll()
            secondValue.append(table.frame.opening)
            secondValue.append(marks.beforeNull)
            secondValue.append(marks.after)
            try table.row.append(change.new, fallback: change.old, of: bytes, isRead: false, to: &secondValue)
            try encodeKeyHeaders(change, of: table)
            return .keyChange(delete: !skipped.contains(.delete), create: !skipped.contains(.create))
        }
        try appendBefore(change, of: table)
        value.append(marks.after)
        try table.row.append(change.new, fallback: change.old, of: bytes, isRead: false, to: &value)
        return .event
    }

    private mutating func appendBefore(_ change: RowChange, of table: CompiledTable) throws(FormatError) {
        value.append(marks.before)
        try table.row.append(change.old, fallback: change.old, of: change.bytes, isRead: false, to: &value)
    }

    /// Whether an update changes the key as events show it; ``oldKey`` is then its old form.
    private mutating func hasNewKey(_ change: RowChange, of table: CompiledTable) throws(FormatError) -> Bool {
        // Equal bytes make equal keys; only where they differ does the form decide (1.0 and 1.00 can be one key).
        guard table.hasKey, !table.key.hasEqualBytes(change.old, change.new, of: change.bytes) else {
            return false
        }
        oldKey.removeAll()
        try Self.appendKey(table, change.old, change.old, change.bytes, isRead: false, to: &oldKey)
        return !Self.areEqual(oldKey.span, key.span)
    }

    private static func appendKey(
        _ table: CompiledTable, _ cells: Span<Cell>, _ fallback: Span<Cell>, _ bytes: Span<UInt8>, isRead: Bool,
        to buffer: inout ByteBuffer
    ) throws(FormatError) {
        guard table.hasKey else { return }
        buffer.append(table.keyFrame.opening)
        try table.key.append(cells, fallback: fallback, of: bytes, isRead: isRead, to: &buffer)
        buffer.append(table.keyFrame.closing)
    }

    private mutating func encodeKeyHeaders(_ change: RowChange, of table: CompiledTable) throws(FormatError) {
        let layout = table.headerKey
        newKeyHeader.removeAll()
        newKeyHeader.append(table.headerFrame.opening)
        try layout.append(change.new, fallback: change.old, of: change.bytes, isRead: false, to: &newKeyHeader)
        newKeyHeader.append(table.headerFrame.closing)
        oldKeyHeader.removeAll()
        oldKeyHeader.append(table.headerFrame.opening)
        try layout.append(change.old, fallback: change.old, of: change.bytes, isRead: false, to: &oldKeyHeader)
        oldKeyHeader.append(table.headerFrame.closing)
    }

    /// Debezium's transaction id: the server's, and the LSN of the event that names it.
    static func append(transactionID: UInt32, at position: borrowing SourcePosition, to buffer: inout ByteBuffer) {
        buffer.append(decimal: UInt64(transactionID))
        buffer.append(UInt8(ascii: ":"))
        if let lsn = position.lsn { buffer.append(decimal: lsn.rawValue) } else { buffer.append("null") }
    }

    private static func areEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for index in a.indices where a[index] != b[index] { return false }
        return true
    }
}
