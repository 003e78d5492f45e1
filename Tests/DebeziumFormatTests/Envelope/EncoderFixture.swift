import ByteCoding
import ChangeModel
import DebeziumFormat

/// An encoder, its sink, and rows written as arrays of texts.
struct EncoderFixture: ~Copyable {
    /// A cell of a row: a text, null, a TOASTed value that was not sent, or a column that the tuple leaves out.
    enum Value: ExpressibleByStringLiteral, ExpressibleByNilLiteral {
        case text(String)
        case null, unchanged, absent
        init(stringLiteral text: String) { self = .text(text) }
        init(nilLiteral: ()) { self = .null }
    }

    var encoder: ChangeEncoder
    var sink = CollectingSink()
    var position = SourcePosition(
        timestampMicros: 1_795_247_168_995_381, transactionID: 737, lsn: LSN(rawValue: 26_582_216),
        sequenceLSN: LSN(rawValue: 26_582_216), lastCommitLSN: LSN(rawValue: 26_582_100))

    init(_ adjust: (inout EventConfiguration) -> Void = { _ in }) {
        var configuration = EventConfiguration(
            topicPrefix: "shop", databaseName: "inventory", version: "1.0.0", runID: "run")
        configuration.keyFormat.schemasEnabled = false
        configuration.valueFormat.schemasEnabled = false
        configuration.contextHeaders = false
        adjust(&configuration)
        encoder = ChangeEncoder(configuration: configuration)
        encoder.processingTimeNanos = 1_795_247_169_038_481_071
    }

    /// Defines a table of integer and text columns: `id int`, `name text`; `!` makes a column NOT NULL.
    mutating func define(
        _ name: String = "items", schema: String = "public", columns: [String] = ["id int!", "name text"],
        primaryKey: [Int] = [0]
    ) throws -> TableHandle {
        let columns = columns.map { text in
            let parts = text.split(separator: " ")
            let isNotNull = parts[1].hasSuffix("!")
            return TableSchema.Column(
                name: String(parts[0]), typeOID: parts[1].hasPrefix("int") ? 23 : 25, isNotNull: isNotNull)
        }
        let table = TableSchema(
            oid: 1, id: TableID(schema: schema, table: name), columns: columns, primaryKey: primaryKey,
            replicaIdentity: .default)
        let types = TypeCatalog([TypeDescription(oid: 23, name: "int4"), TypeDescription(oid: 25, name: "text")])
        return try encoder.define(table, types: types, into: &sink)
    }

    /// Encodes one change and returns how many records it became.
    @discardableResult
    mutating func encode(
        _ operation: RowOperation, of table: TableHandle, old: [Value] = [], oldTuple: OldTuple? = nil,
        new: [Value] = []
    ) throws -> Int {
        var bytes: [UInt8] = []
        let oldCells = old.map { Self.cell($0, &bytes) }
        let newCells = new.map { Self.cell($0, &bytes) }
        let change = RowChange(
            operation: operation, oldTuple: oldTuple ?? (old.isEmpty ? .none : .full), bytes: bytes.span,
            old: oldCells.span, new: newCells.span)
        return try encoder.encode(change, of: table, at: position, into: &sink)
    }

    private static func cell(_ value: Value, _ bytes: inout [UInt8]) -> Cell {
        switch value {
        case .null: return .null
        case .unchanged: return .unchanged
        case .absent: return .absent
        case .text(let text):
            defer { bytes += Array(text.utf8) }
            return Cell(kind: .text, offset: Int32(bytes.count), length: Int32(text.utf8.count))
        }
    }
}
