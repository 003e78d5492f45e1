import DebeziumFormat

extension PropertyRegistry {
    private static func values<E: CaseIterable & RawRepresentable>(_: E.Type) -> PropertyDefinition.Kind
    where E.RawValue == String {
        .choice(E.allCases.map(\.rawValue))
    }

    static let events: [PropertyDefinition] = [
        .init(
            "decimal.handling.mode", .events, values(DecimalHandling.self), default: "precise",
            "How numeric values are represented."),
        .init(
            "time.precision.mode", .events, values(TimePrecision.self), default: "adaptive",
            "How times are represented."),
        .init(
            "interval.handling.mode", .events, values(IntervalHandling.self), default: "numeric",
            "How intervals are represented."),
        .init(
            "binary.handling.mode", .events, values(BinaryHandling.self), default: "bytes",
            "How bytea values are represented."),
        .init(
            "hstore.handling.mode", .events, values(HstoreHandling.self), default: "json",
            "How hstore values are represented."),
        .init(
            "money.fraction.digits", .events, .integer(0...16), default: "2", "Digits after the point of money values."),
        .init(
            "include.unknown.datatypes", .events, .boolean, default: "false",
            "Whether columns of types without a mapping are kept, as bytes."),
        .init(
            "unavailable.value.placeholder", .events, default: "__debezium_unavailable_value",
            "What stands for a TOASTed value that a change did not touch; hex: starts bytes."),
        .init(
            "schema.refresh.mode", .events, .choice(["columns_diff", "columns_diff_exclude_unchanged_toast"]),
            default: "columns_diff", .noEffect("pgoutput sends each table's schema before its rows"),
            "Whether a missing TOASTed column makes the table's schema be read again."),
        .init(
            "schema.name.adjustment.mode", .events, values(NameAdjustment.self), default: "none",
            "How schema names are made fit for the converter."),
        .init(
            "field.name.adjustment.mode", .events, values(NameAdjustment.self), default: "none",
            "How field names are made fit for the converter."),
        .init(
            "include.schema.comments", .events, .boolean, default: "false",
            "Whether schemas carry the tables' and columns' comments."),
        .init(
            "column.propagate.source.type", .events, .expressions,
            "Columns, as schema.table.column, whose schemas carry the source's type."),
        .init(
            "datatype.propagate.source.type", .events, .expressions,
            "Types, as schema.table.type, whose columns' schemas carry the source's type."),
        .init(
            "column.mask.with.<length>.chars", .events, .expressions,
            "Columns whose values are replaced by that many asterisks."),
        .init(
            "column.mask.hash.v2.<name>.with.salt.<salt>", .events, .expressions,
            "Columns whose values are replaced by a salted hash."),
        .init(
            "column.mask.hash.<name>.with.salt.<salt>", .events, .expressions,
            "Columns whose values are replaced by a salted hash of their Java serialization."),
        .init(
            "column.truncate.to.<length>.chars", .events, .expressions,
            "Columns whose values are cut to that many characters."),
        .init(
            "message.key.columns", .events,
            "Keys of your own: table expressions with columns (schema.table:a,b), separated by semicolons."),
        .init(
            "tombstones.on.delete", .events, .boolean, default: "true",
            "Whether a delete event is followed by a record without a value."),
        .init(
            "provide.transaction.metadata", .events, .boolean, default: "false",
            "Whether transactions' beginnings and ends are events, and events tell their place in a transaction."),
        .init(
            "extended.headers.enabled", .events, .boolean, default: "true",
            "Whether events carry the headers __debezium.context.*."),
        .init(
            "converters", .events, .list, .refused("custom converters are Java classes, and Tailrace runs none"),
            "Custom converters."),
        .init("post.processors", .events, .list, "Names of post processors; one that reselects columns may be set."),
        .init(
            "<name>.reselect.unavailable.values", .events, .boolean, default: "true",
            "Whether TOASTed values that a change did not touch are read from the table."),
        .init(
            "<name>.reselect.null.values", .events, .boolean, default: "true",
            "Whether null values are read again from the table."),
        .init(
            "<name>.reselect.use.event.key", .events, .boolean, default: "false",
            "Whether rows are found by the event's key instead of the primary key."),
        .init(
            "<name>.reselect.error.handling.mode", .events, .choice(["warn", "fail"]), default: "warn",
            "What happens when a row cannot be read."),
        .init(
            "<name>.reselect.columns.include.list", .events, .expressions,
            "Columns to read again, as schema.table:column."),
        .init(
            "<name>.reselect.columns.exclude.list", .events, .expressions,
            "Columns not to read again, as schema.table:column."),
        .init(
            "sourceinfo.struct.maker", .events,
            default: "io.debezium.connector.postgresql.PostgresSourceInfoStructMaker",
            .only(
                ["io.debezium.connector.postgresql.PostgresSourceInfoStructMaker"],
                "another one is a Java class, and Tailrace runs none"), "What makes the source block."),
        .init(
            "transaction.metadata.factory", .events,
            default: "io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory",
            .only(
                ["io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory"],
                "another one is a Java class, and Tailrace runs none"), "What makes transaction metadata."),
    ]

    private static let json = "org.apache.kafka.connect.json.JsonConverter"

    static let converters: [PropertyDefinition] =
        ["key", "value"].flatMap { side -> [PropertyDefinition] in
            [
                .init(
                    "\(side).converter", .converters, default: json,
                    .only(
                        [json] + ConverterNames.avro,
                        "the converters of JSON Schema and Protobuf are not available in this version"),
                    "What turns \(side)s into bytes.")
            ]
                + jsonConverter("\(side).converter") + avroConverter(side)
        } + [
            .init(
                "header.converter", .converters, default: "org.apache.kafka.connect.storage.SimpleHeaderConverter",
                .only(
                    ["org.apache.kafka.connect.storage.SimpleHeaderConverter", json],
                    "other converters are not available in this version"), "What turns headers into bytes.")
        ] + jsonConverter("header.converter")

    private static func jsonConverter(_ prefix: String) -> [PropertyDefinition] {
        [
            .init(
                "\(prefix).schemas.enable", .converters, .boolean, default: "true",
                "Whether the JSON holds the schema beside the payload."),
            .init(
                "\(prefix).decimal.format", .converters, .choice(["BASE64", "NUMERIC"]), default: "BASE64",
                "How Connect decimals are written."),
            .init(
                "\(prefix).replace.null.with.default", .converters, .boolean, default: "true",
                "Whether a null of a column with a default is written as the default."),
            .init(
                "\(prefix).schemas.cache.size", .converters, .integer(0...Int(Int32.max)), default: "1000",
                .noEffect("each table's schema is compiled once"), "How many schemas are kept."),
        ]
    }
}
