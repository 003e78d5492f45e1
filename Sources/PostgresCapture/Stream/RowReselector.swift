import ChangeModel
import DebeziumFormat
import Logging

/// Reads values again that the stream did not send, as Debezium's `ReselectColumnsPostProcessor` does: TOASTed values
/// that a change left alone, and nulls. What it finds is the row as it is now, which can be newer than the change.
struct RowReselector {
    /// A change's row with what was read.
    struct Row {
        var bytes: [UInt8]
        var old: [Cell]
        var new: [Cell]
    }

    private let settings: ReselectSettings
    private let isInEvents: @Sendable (TableID, String) -> Bool
    private let messageKeyColumns: @Sendable (TableID, [String]) -> [String]?
    private let signalTable: TableID?
    private let connection: LazyConnection
    private let logger = Logger(label: "tailrace.reselect")

    /// nil when no post processor is configured.
    init?(_ configuration: CaptureConfiguration, on connection: LazyConnection) {
        guard let settings = configuration.reselect else { return nil }
        self.settings = settings
        isInEvents = configuration.events.isColumnIncluded
        messageKeyColumns = configuration.events.messageKeyColumns
        signalTable = configuration.signals.table
        self.connection = connection
    }

    /// The change's row with its missing values, or nil when nothing is missing or nothing was found.
    /// - Throws: what the server answers, where `reselect.error.handling.mode` is `fail`; a lost connection always, so
    ///   that the change is tried again.
    func complete(_ change: RowChange, of table: TableSchema) throws(CaptureError) -> Row? {
        guard !change.new.isEmpty, change.new.count == table.columns.count, table.id != signalTable else {
            return nil
        }
        let missing = missingColumns(change, of: table)
        let key = keyColumns(of: table)
        guard !missing.isEmpty, !key.isEmpty else { return nil }
        var values: [String] = []
        for index in key {
            guard let text = text(index, of: change) else { return nil }
            values.append(text)
        }
        let statement = Self.statement(missing, key: key, of: table)
        do throws(CaptureError) {
            let found = try connection.use { connection throws(CaptureError) -> Row? in
                let result = try connection.query(
                    statement, values, action: "reading columns of table '\(table.id)' again")
                return result.rowCount > 0 ? Self.row(change, missing, result) : nil
            }
            if found == nil { try report("the row of a change is gone", nil, table) }
            return found
        } catch {
            if error.code == .connectionLost || error.code == .unreachable || error.code == .cancelled { throw error }
            try report("columns could not be read again", error, table)
            return nil
        }
    }

    /// The columns whose value an event would lack.
    private func missingColumns(_ change: RowChange, of table: TableSchema) -> [Int] {
        table.columns.indices.filter { index in
            let column = table.columns[index]
            let isMissing =
                switch change.new[index].kind {
                case .unchanged:
                    settings.unavailableValues
                        && !(index < change.old.count && change.old[index].kind == .text)
                // A null with a default is the default to Debezium.
                case .null: settings.nullValues && !column.isNotNull && column.defaultExpression == nil
                case .text, .binary, .absent: false
                }
            return isMissing && isInEvents(table.id, column.name) && settings.isColumnIncluded(table.id, column.name)
        }
    }

    private func keyColumns(of table: TableSchema) -> [Int] {
        guard settings.usesEventKey, let names = messageKeyColumns(table.id, table.columns.map(\.name)) else {
            return table.primaryKey
        }
        return names.compactMap { name in table.columns.firstIndex { $0.name == name } }
    }

    private func text(_ index: Int, of change: RowChange) -> String? {
        var cell = change.new[index]
        if cell.kind == .unchanged, index < change.old.count { cell = change.old[index] }
        guard cell.kind == .text else { return nil }
        return cell.bytes(in: change.bytes).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    private static func statement(_ columns: [Int], key: [Int], of table: TableSchema) -> String {
        func quoted(_ index: Int) -> String { PostgresConnection.quote(identifier: table.columns[index].name) }
        let conditions = key.enumerated().map { "\(quoted($1)) = $\($0 + 1)" }
        return "SELECT \(columns.map(quoted).joined(separator: ", ")) FROM \(PublicationManager.quoted(table.id))"
            + " WHERE \(conditions.joined(separator: " AND "))"
    }

    private static func row(_ change: RowChange, _ columns: [Int], _ result: borrowing QueryResult) -> Row {
        var row = Row(bytes: [], old: [], new: [])
        append(change.bytes, to: &row.bytes)
        for index in change.old.indices { row.old.append(change.old[index]) }
        for index in change.new.indices { row.new.append(change.new[index]) }
        for (place, index) in columns.enumerated() {
            if result.isNull(0, place) {
                row.new[index] = .null
                continue
            }
            let value = result.bytes(0, place)
            row.new[index] = Cell(kind: .text, offset: Int32(row.bytes.count), length: Int32(value.count))
            append(value, to: &row.bytes)
        }
        return row
    }

    private static func append(_ span: Span<UInt8>, to bytes: inout [UInt8]) {
        span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    private func report(_ sentence: String, _ error: CaptureError?, _ table: TableSchema) throws(CaptureError) {
        if settings.failsOnError {
            throw error
                ?? CaptureError(
                    code: .encoding, detail: "\(sentence): table '\(table.id)'",
                    remedy: "Set reselect.error.handling.mode=warn to keep what the stream sent")
        }
        logger.warning(
            "\(sentence); the event keeps what the stream sent",
            metadata: ["table": "\(table.id)", "error": "\(error?.code.rawValue ?? "none")"])
    }
}
