import ChangeModel
import DebeziumFormat
import Foundation

extension EventConfiguration {
    init(reading reader: inout PropertyReader, version: String, runID: String) {
        let prefix = reader.string("topic.prefix") ?? ""
        let isValid = prefix.utf8.allSatisfy {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || [45, 46, 95].contains($0)
        }
        if !isValid {
            reader.report(
                "topic.prefix",
                "property 'topic.prefix' is '\(prefix)'; accepted are letters, digits, dots, hyphens and underscores")
        }
        self.init(
            topicPrefix: prefix, databaseName: reader.string("database.dbname") ?? "", version: version, runID: runID)
        contextHeaders = reader.boolean("extended.headers.enabled", true)

        topicDelimiter = reader.string("topic.delimiter") ?? topicDelimiter
        topicNaming =
            reader.string("topic.naming.strategy")?.hasSuffix("DefaultTopicNamingStrategy") == true ? .default : .schema
        heartbeatTopicPrefix =
            reader.string("topic.heartbeat.prefix") ?? reader.string("heartbeat.topics.prefix") ?? heartbeatTopicPrefix
        transactionTopic = reader.string("topic.transaction") ?? transactionTopic
        let channels = reader.list("notification.enabled.channels").map { $0.lowercased() }
        if channels.contains("sink") {
            notificationTopic = reader.string("notification.sink.topic.name")
            if notificationTopic == nil {
                reader.report(
                    "notification.sink.topic.name",
                    "property 'notification.sink.topic.name' is required: notification.enabled.channels has 'sink'")
            }
        }
        schemaNameAdjustment = reader.choice("schema.name.adjustment.mode", .none)
        fieldNameAdjustment = reader.choice("field.name.adjustment.mode", .none)

        decimal = reader.choice("decimal.handling.mode", .precise)
        timePrecision = reader.choice("time.precision.mode", .adaptive)
        interval = reader.choice("interval.handling.mode", .numeric)
        binary = reader.choice("binary.handling.mode", .bytes)
        hstore = reader.choice("hstore.handling.mode", .json)
        moneyFractionDigits = reader.integer("money.fraction.digits", 2)
        includeUnknownDatatypes = reader.boolean("include.unknown.datatypes", false)
        unavailableValuePlaceholder = reader.string("unavailable.value.placeholder") ?? unavailableValuePlaceholder
        includeSchemaComments = reader.boolean("include.schema.comments", false)

        let columns = IncludeExclude(reading: &reader, include: "column.include.list", exclude: "column.exclude.list")
        isColumnIncluded = { table, column in columns.includes("\(table).\(column)") }
        if let propagated = reader.expressions("column.propagate.source.type") {
            propagatesSourceType = { table, column in propagated.matches("\(table).\(column)") }
        }
        if let propagated = reader.expressions("datatype.propagate.source.type") {
            propagatesDatatype = { table, type in propagated.matches("\(table).\(type)") }
        }
        readColumnTransforms(&reader)
        readMessageKeys(&reader)

        tombstonesOnDelete = reader.boolean("tombstones.on.delete", true)
        if let skipped = Self.skippedOperations(reader) { skippedOperations = skipped }
        transactionMetadata = reader.boolean("provide.transaction.metadata", false)

        keyFormat = Self.jsonFormat(reader, "key.converter")
        valueFormat = Self.jsonFormat(reader, "value.converter")
        keyAvro = AvroFormat(reading: reader, side: "key")
        valueAvro = AvroFormat(reading: reader, side: "value")
        if reader.string("header.converter")?.hasSuffix("JsonConverter") == true {
            headerFormat = .json(Self.jsonFormat(reader, "header.converter"))
        }
    }

    /// `skipped.operations`; nil where it is not set.
    static func skippedOperations(_ reader: PropertyReader) -> Set<RowOperation>? {
        guard let text = reader.string("skipped.operations") else { return nil }
        let words = PropertyReader.split(text.lowercased())
        return words.contains("none") ? [] : Set(words.compactMap { $0.utf8.first.flatMap(RowOperation.init) })
    }

    private static func jsonFormat(_ reader: PropertyReader, _ prefix: String) -> JSONFormat {
        JSONFormat(
            schemasEnabled: reader.boolean("\(prefix).schemas.enable", true),
            numericDecimals: reader.string("\(prefix).decimal.format")?.uppercased() == "NUMERIC",
            replaceNullWithDefault: reader.boolean("\(prefix).replace.null.with.default", true))
    }

    /// The first rule that matches a column wins, masks before hashes before truncations.
    private mutating func readColumnTransforms(_ reader: inout PropertyReader) {
        var rules: [(columns: NameExpressions, transform: ColumnTransform)] = []
        for (name, rest, _) in reader.family("column.mask.with.") {
            guard let count = Self.count(rest, name, &reader), let columns = reader.expressions(name) else { continue }
            rules.append((columns, .mask(characters: count)))
        }
        for (name, rest, _) in reader.family("column.mask.hash.") {
            let isV2 = rest.hasPrefix("v2.")
            let parts = (isV2 ? String(rest.dropFirst(3)) : rest).components(separatedBy: ".with.salt.")
            guard parts.count >= 2, let columns = reader.expressions(name) else { continue }
            let algorithm = parts[0].uppercased()
            let accepted = ["MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"]
            guard accepted.contains(algorithm) else {
                reader.report(
                    name,
                    "property '\(name)': the hash '\(parts[0])' is not known; accepted are \(accepted.joined(separator: ", "))"
                )
                continue
            }
            let salt = parts.dropFirst().joined(separator: ".with.salt.")
            rules.append((columns, .hash(algorithm: algorithm, salt: salt, v2: isV2)))
        }
        for (name, rest, _) in reader.family("column.truncate.to.") {
            guard let count = Self.count(rest, name, &reader), let columns = reader.expressions(name) else { continue }
            rules.append((columns, .truncate(characters: count)))
        }
        guard !rules.isEmpty else { return }
        let found = rules
        columnTransform = { table, column in
            let name = "\(table).\(column)"
            return found.first { $0.columns.matches(name) }?.transform
        }
    }

    private static func count(_ rest: String, _ name: String, _ reader: inout PropertyReader) -> Int? {
        guard rest.hasSuffix(".chars"), let count = Int(rest.dropLast(6)), count >= 0 else {
            reader.report(name, "property '\(name)' must hold a number of characters: 0 or more, before '.chars'")
            return nil
        }
        return count
    }

    /// `schema.table:a,b;…`: each name after the colon makes an expression with the one before it.
    private mutating func readMessageKeys(_ reader: inout PropertyReader) {
        let property = "message.key.columns"
        var expressions: [NameExpressions] = []
        for part in (reader.string(property) ?? "").split(separator: ";") where !part.allSatisfy(\.isWhitespace) {
            let pair = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else {
                reader.report(
                    property,
                    "property '\(property)': '\(part)' is not accepted; write schema.table:column,column;…")
                continue
            }
            for column in PropertyReader.split(pair[1]) {
                do { expressions.append(try NameExpressions("\(pair[0]).\(column)")) } catch {
                    reader.report(property, "property '\(property)': '\(error.text)' is not a valid regular expression")
                }
            }
        }
        guard !expressions.isEmpty else { return }
        let rules = expressions
        messageKeyColumns = { table, columns in
            var chosen: [String] = []
            for rule in rules {
                for column in columns where rule.matches("\(table).\(column)") && !chosen.contains(column) {
                    chosen.append(column)
                }
            }
            return chosen.isEmpty ? nil : chosen
        }
    }
}
