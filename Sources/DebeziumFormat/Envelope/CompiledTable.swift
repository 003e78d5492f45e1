internal import ByteCoding
internal import ChangeModel

/// A table as the encoder uses it: everything that does not change from row to row is finished bytes.
///
/// A class so that a row costs one reference and no copy of a dozen arrays; it belongs to one encoder.
final class CompiledTable {
    /// What this was compiled from.
    let definition: TableSchema
    let types: TypeCatalog
    let topic: TopicHandle
    var id: TableID { definition.id }
    /// `schema.table`, as transaction metadata names it.
    let collectionName: String
    let columnCount: Int
    let row: RowLayout
    let frame: JSONFrame
    /// `"public","orders","txId":` within the source block.
    let source: [UInt8]
    /// Without columns for a table without a key.
    let key: RowLayout
    var hasKey: Bool { !key.columns.isEmpty }
    let keyFrame: JSONFrame
    /// The key as headers show it.
    let headerKey: RowLayout
    let headerFrame: JSONFrame
    /// Where this table counts in the open transaction: valid while `countEpoch` is the transaction's.
    var countIndex = 0
    var countEpoch: UInt64 = 0

    init(
        _ table: TableSchema, types: TypeCatalog, configuration: EventConfiguration, topic: TopicHandle,
        topicName: String
    ) throws(EncodeError) {
        definition = table
        self.types = types
        self.topic = topic
        collectionName = table.id.description
        columnCount = table.columns.count
        let fieldNames = configuration.fieldNameAdjustment
        let schemaNames = configuration.schemaNameAdjustment
        do throws(FormatError) {
            let included = table.columns.map { configuration.isColumnIncluded(table.id, $0.name) }
            var row = RowLayout()
            for (index, column) in table.columns.enumerated() where included[index] {
                let writer = try ColumnWriter.make(
                    for: column, in: table, types: types, configuration: configuration,
                    format: configuration.valueFormat, isKey: false)
                if let writer { row.append(writer, cell: index, name: fieldNames.adjust(fieldName: column.name)) }
            }
            self.row = row
            frame = JSONFrame(
                EnvelopeSchema.envelope(row: row.fields, prefix: topicName, schemaNames), configuration.valueFormat)

            let keyColumns = Self.keyColumns(of: table, configuration)
            let hasIncluded = included.contains(true)
            func layout(_ format: JSONFormat) throws(FormatError) -> RowLayout {
                var key = RowLayout()
                for index in keyColumns {
                    var column = table.columns[index]
                    if table.isFromRelation, !included[index] {
                        // Debezium asks the catalogs for the included columns only, and knows no more of this one.
                        column.isNotNull = false
                        column.defaultExpression = nil
                    }
                    let writer = try ColumnWriter.make(
                        for: column, in: table, types: types, configuration: configuration, format: format, isKey: true)
                    guard let writer else { continue }
                    key.append(
                        writer, cell: index, name: fieldNames.adjust(fieldName: column.name),
                        isNullWhenRead: hasIncluded && !included[index])
                }
                return key
            }
            let key = try layout(configuration.keyFormat)
            self.key = key
            let keySchema = EnvelopeSchema.key(key.fields, prefix: topicName, schemaNames)
            keyFrame = JSONFrame(keySchema, configuration.keyFormat)
            let headerFormat = configuration.headerFormat.structFormat
            headerFrame = JSONFrame(keySchema, headerFormat)
            var comparable = configuration.keyFormat
            comparable.schemasEnabled = headerFormat.schemasEnabled
            headerKey = comparable == headerFormat ? key : try layout(headerFormat)
        } catch {
            throw EncodeError(code: .malformedValue, table: table.id, detail: error.description)
        }
        var source = ByteBuffer()
        source.append(jsonString: table.id.schema)
        source.append(",\"table\":")
        source.append(jsonString: table.id.table)
        source.append(",\"txId\":")
        self.source = source.array()
    }

    /// The key's columns: those of `message.key.columns`, else the primary key's. Like Debezium, names that the table
    /// does not have (any more) are passed over, and when none is left the primary key stands.
    private static func keyColumns(of table: TableSchema, _ configuration: EventConfiguration) -> [Int] {
        let names = configuration.messageKeyColumns(table.id, table.columns.map(\.name)) ?? []
        let indices = names.compactMap { name in table.columns.firstIndex { $0.name == name } }
        return indices.isEmpty ? table.primaryKey : indices
    }
}
