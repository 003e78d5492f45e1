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
    private(set) var frame: PayloadFrame
    /// `"public","orders","txId":` within the source block; in Avro the two texts.
    let source: [UInt8]
    /// Without columns for a table without a key.
    let key: RowLayout
    var hasKey: Bool { !key.columns.isEmpty }
    private(set) var keyFrame: PayloadFrame
    /// The key as headers show it.
    let headerKey: RowLayout
    let headerFrame: PayloadFrame
    /// The schemas that still need an identifier: nil with JSON, and from the table's first event on.
    private(set) var keyRegistration: SchemaRegistration?
    private(set) var valueRegistration: SchemaRegistration?
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
        let envelope: ConnectSchema
        let keySchema: ConnectSchema
        let fieldNames = configuration.fieldNameAdjustment
        let schemaNames = configuration.schemaNameAdjustment
        do throws(FormatError) {
            let included = table.columns.map { configuration.isColumnIncluded(table.id, $0.name) }
            var row = RowLayout(isAvro: configuration.valueAvro != nil)
            for (index, column) in table.columns.enumerated() where included[index] {
                let writer = try ColumnWriter.make(
                    for: column, in: table, types: types, configuration: configuration,
                    format: configuration.valueFormat, isAvro: row.isAvro, isKey: false)
                if let writer { row.append(writer, cell: index, name: fieldNames.adjust(fieldName: column.name)) }
            }
            self.row = row
            envelope = EnvelopeSchema.envelope(row: row.fields, prefix: topicName, schemaNames)
            frame = PayloadFrame(envelope, configuration.valueFormat)

            let keyColumns = Self.keyColumns(of: table, configuration)
            let hasIncluded = included.contains(true)
            func layout(_ format: JSONFormat, isAvro: Bool) throws(FormatError) -> RowLayout {
                var key = RowLayout(isAvro: isAvro)
                for index in keyColumns {
                    var column = table.columns[index]
                    if table.isFromRelation, !included[index] {
                        // Debezium asks the catalogs for the included columns only, and knows no more of this one.
                        column.isNotNull = false
                        column.defaultExpression = nil
                    }
                    let writer = try ColumnWriter.make(
                        for: column, in: table, types: types, configuration: configuration, format: format,
                        isAvro: isAvro, isKey: true)
                    guard let writer else { continue }
                    key.append(
                        writer, cell: index, name: fieldNames.adjust(fieldName: column.name),
                        isNullWhenRead: hasIncluded && !included[index])
                }
                return key
            }
            let key = try layout(configuration.keyFormat, isAvro: configuration.keyAvro != nil)
            self.key = key
            keySchema = EnvelopeSchema.key(key.fields, prefix: topicName, schemaNames)
            keyFrame = PayloadFrame(keySchema, configuration.keyFormat)
            let headerFormat = configuration.headerFormat.structFormat
            headerFrame = PayloadFrame(keySchema, headerFormat)
            var comparable = configuration.keyFormat
            comparable.schemasEnabled = headerFormat.schemasEnabled
            headerKey =
                comparable == headerFormat && !key.isAvro ? key : try layout(headerFormat, isAvro: false)
        } catch {
            throw EncodeError(code: .malformedValue, table: table.id, detail: error.description)
        }
        source = Self.source(table.id, isAvro: configuration.valueAvro != nil)
        do throws(InvalidAvroName) {
            valueRegistration = try configuration.valueAvro.map { (avro) throws(InvalidAvroName) in
                try SchemaRegistration(envelope, avro, topic: topicName, isKey: false)
            }
            guard hasKey else { return }
            keyRegistration = try configuration.keyAvro.map { (avro) throws(InvalidAvroName) in
                try SchemaRegistration(keySchema, avro, topic: topicName, isKey: true)
            }
        } catch {
            throw EncodeError(invalidName: error, table: table.id)
        }
    }

    private static func source(_ id: TableID, isAvro: Bool) -> [UInt8] {
        var source = ByteBuffer()
        if isAvro {
            source.append(text: id.schema)
            source.append(text: id.table)
            return source.array()
        }
        source.append(jsonString: id.schema)
        source.append(",\"table\":")
        source.append(jsonString: id.table)
        source.append(",\"txId\":")
        return source.array()
    }

    /// Has the schemas' identifiers put before the payloads: needed once, before the table's first event.
    /// - Parameter hasKey: false for an event without a key.
    func register(
        keys: inout SchemaIdentifiers, values: inout SchemaIdentifiers, hasKey: Bool
    ) throws(SchemaRegistrationError) {
        if hasKey, let request = keyRegistration {
            keyFrame = try keys.frame(request)
            keyRegistration = nil
        }
        if let request = valueRegistration {
            frame = try values.frame(request)
            valueRegistration = nil
        }
    }

    /// The key's columns: those of `message.key.columns`, else the primary key's. Like Debezium, names that the table
    /// does not have (any more) are passed over, and when none is left the primary key stands.
    private static func keyColumns(of table: TableSchema, _ configuration: EventConfiguration) -> [Int] {
        let names = configuration.messageKeyColumns(table.id, table.columns.map(\.name)) ?? []
        let indices = names.compactMap { name in table.columns.firstIndex { $0.name == name } }
        return indices.isEmpty ? table.primaryKey : indices
    }
}
