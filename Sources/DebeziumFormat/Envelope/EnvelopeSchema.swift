/// The Connect schemas of Debezium's events, as golden data shows them with `schemas.enable`.
enum EnvelopeSchema {
    static let string = ConnectSchema(.string)
    static let optionalString = ConnectSchema(.string, isOptional: true)
    static let int64 = ConnectSchema(.int64)
    static let optionalInt64 = ConnectSchema(.int64, isOptional: true)

    static func source(_ adjustment: NameAdjustment) -> ConnectSchema {
        let snapshot = ConnectSchema(
            .string, isOptional: true, name: "io.debezium.data.Enum", version: 1,
            parameters: [
                .init("allowed", "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental")
            ],
            defaultValue: Array("\"false\"".utf8))
        return ConnectSchema(
            .struct([
                .init("version", string), .init("connector", string), .init("name", string), .init("ts_ms", int64),
                .init("snapshot", snapshot), .init("db", string), .init("sequence", optionalString),
                .init("ts_us", optionalInt64), .init("ts_ns", optionalInt64), .init("schema", string),
                .init("table", string), .init("txId", optionalInt64), .init("lsn", optionalInt64),
                .init("xmin", optionalInt64), .init("origin", optionalString), .init("origin_lsn", optionalInt64),
            ]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.postgresql.Source"), version: 1)
    }

    static func transactionBlock(_ adjustment: NameAdjustment) -> ConnectSchema {
        ConnectSchema(
            .struct([.init("id", string), .init("total_order", int64), .init("data_collection_order", int64)]),
            isOptional: true, name: adjustment.adjust(schemaName: "event.block"), version: 1)
    }

    static func envelope(row fields: [ConnectSchema.Field], prefix: String, _ adjustment: NameAdjustment)
        -> ConnectSchema
    {
        let row = ConnectSchema(
            .struct(fields), isOptional: true, name: adjustment.adjust(schemaName: prefix + ".Value"))
        return ConnectSchema(
            .struct([
                .init("before", row), .init("after", row), .init("source", source(adjustment)),
                .init("transaction", transactionBlock(adjustment)), .init("op", string), .init("ts_ms", optionalInt64),
                .init("ts_us", optionalInt64), .init("ts_ns", optionalInt64),
            ]),
            name: adjustment.adjust(schemaName: prefix + ".Envelope"), version: 2)
    }

    static func key(_ fields: [ConnectSchema.Field], prefix: String, _ adjustment: NameAdjustment) -> ConnectSchema {
        ConnectSchema(.struct(fields), name: adjustment.adjust(schemaName: prefix + ".Key"))
    }

    static func transactionKey(_ adjustment: NameAdjustment) -> ConnectSchema {
        ConnectSchema(
            .struct([.init("id", string)]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.common.TransactionMetadataKey"), version: 1)
    }

    static func transactionValue(_ adjustment: NameAdjustment) -> ConnectSchema {
        let collection = ConnectSchema(
            .struct([.init("data_collection", string), .init("event_count", int64)]), isOptional: true,
            name: adjustment.adjust(schemaName: "event.collection"), version: 1)
        return ConnectSchema(
            .struct([
                .init("status", string), .init("id", string), .init("event_count", optionalInt64),
                .init("data_collections", ConnectSchema(.array(collection), isOptional: true)), .init("ts_ms", int64),
            ]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.common.TransactionMetadataValue"), version: 1)
    }

    static func messageKey(_ adjustment: NameAdjustment) -> ConnectSchema {
        ConnectSchema(
            .struct([.init("prefix", optionalString)]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.postgresql.MessageKey"), version: 1)
    }

    static func messageValue(_ adjustment: NameAdjustment, binary: BinaryHandling) -> ConnectSchema {
        let content = ConnectSchema(binary == .bytes ? .bytes : .string, isOptional: true)
        let message = ConnectSchema(
            .struct([.init("prefix", optionalString), .init("content", content)]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.postgresql.Message"), version: 1)
        return ConnectSchema(
            .struct([
                .init("op", string), .init("ts_ms", optionalInt64), .init("source", source(adjustment)),
                .init("transaction", transactionBlock(adjustment)), .init("message", message),
            ]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.postgresql.MessageValue"), version: 1)
    }

    static func heartbeatKey(_ adjustment: NameAdjustment) -> ConnectSchema {
        ConnectSchema(
            .struct([.init("serverName", string)]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.common.ServerNameKey"), version: 1)
    }

    static func heartbeatValue(_ adjustment: NameAdjustment) -> ConnectSchema {
        ConnectSchema(
            .struct([.init("ts_ms", int64)]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.common.Heartbeat"), version: 1)
    }

    static func notificationKey(_ adjustment: NameAdjustment) -> ConnectSchema {
        ConnectSchema(
            .struct([.init("id", string)]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.common.NotificationKey"), version: 1)
    }

    static func notificationValue(_ adjustment: NameAdjustment) -> ConnectSchema {
        ConnectSchema(
            .struct([
                .init("id", string), .init("type", string), .init("aggregate_type", string),
                .init("additional_data", ConnectSchema(.map(keys: string, values: string), isOptional: true)),
                .init("timestamp", int64),
            ]),
            name: adjustment.adjust(schemaName: "io.debezium.connector.common.Notification"), version: 1)
    }
}
