import ChangeModel
import Foundation
import RecordTransport

extension SnapshotSettings {
    init(reading reader: inout PropertyReader) {
        self.init()
        mode =
            reader.string("snapshot.mode")?.lowercased() == "never" ? .noData : reader.choice("snapshot.mode", .initial)
        let prefix = "snapshot.mode.configuration.based."
        configurationBased.snapshotData = reader.boolean(prefix + "snapshot.data", false)
        configurationBased.snapshotSchema = reader.boolean(prefix + "snapshot.schema", false)
        configurationBased.startStream = reader.boolean(prefix + "start.stream", false)
        configurationBased.snapshotOnSchemaError = reader.boolean(prefix + "snapshot.on.schema.error", false)
        configurationBased.snapshotOnDataError = reader.boolean(prefix + "snapshot.on.data.error", false)
        locking = reader.choice("snapshot.locking.mode", .none)
        lockTimeout = reader.duration("snapshot.lock.timeout.ms", lockTimeout)
        delay = reader.duration("snapshot.delay.ms", .zero)
        streamingDelay = reader.duration("streaming.delay.ms", .zero)
        threadCountMax = reader.integer("snapshot.max.threads", 1)
        rowCountOrder = reader.choice("snapshot.tables.order.by.row.count", .disabled)

        let overrides = "snapshot.select.statement.overrides"
        let listed = reader.list(overrides)
        for name in listed {
            guard let table = PropertyReader.table(name) else {
                reader.report(overrides, "property '\(overrides)': '\(name)' is not a table as schema.table")
                continue
            }
            guard let statement = reader.string("\(overrides).\(name)") else {
                reader.report(
                    overrides, "property '\(overrides)' names '\(name)', but '\(overrides).\(name)' is not set")
                continue
            }
            selectOverrides[table] = statement
        }
        for (name, table, _) in reader.family(overrides + ".") where !listed.contains(table) {
            reader.report(name, "property '\(name)' is set, but '\(overrides)' does not name '\(table)'")
        }
    }
}

extension IncrementalSnapshotSettings {
    init(reading reader: inout PropertyReader) {
        self.init()
        chunkRowCount = reader.integer("incremental.snapshot.chunk.size", 1024)
        watermarking = reader.choice("incremental.snapshot.watermarking.strategy", .insertInsert)
        isReadOnly = reader.boolean("read.only", false)
    }
}

extension SignalSettings {
    init(reading reader: inout PropertyReader) {
        self.init()
        table = reader.table("signal.data.collection")
        channels = reader.choices("signal.enabled.channels", [.source])
        pollInterval = reader.duration("signal.poll.interval.ms", pollInterval)
        filePath = reader.string("signal.file") ?? filePath
    }
}

extension StreamSettings {
    init(reading reader: inout PropertyReader) {
        self.init()
        statusInterval = reader.duration("status.update.interval.ms", statusInterval)
        xminInterval = reader.duration("xmin.fetch.interval.ms", zeroMeansNone: 0)
        acknowledges =
            reader.string("lsn.flush.mode").map { $0.lowercased() != "manual" }
            ?? reader.boolean("flush.lsn.source", true)
    }
}

extension CaptureFilters {
    init(reading reader: inout PropertyReader, signalTable: TableID?) {
        self.init()
        let schemas = IncludeExclude(reading: &reader, include: "schema.include.list", exclude: "schema.exclude.list")
        let tables = IncludeExclude(reading: &reader, include: "table.include.list", exclude: "table.exclude.list")
        hasTableFilter = !(schemas.isEmpty && tables.isEmpty)
        isTableIncluded = { table in
            // The signal table is read whatever the lists say: signals arrive through it.
            if table == signalTable { return true }
            return !Self.isBuiltIn(table) && schemas.includes(table.schema) && tables.includes(table.description)
        }
        if let list = tables.included { tableIncludeIndex = { list.firstMatch($0.description) ?? .max } }
        if let snapshot = reader.expressions("snapshot.include.collection.list") {
            isTableInSnapshot = { snapshot.matches($0.description) }
        }
        let prefixes = IncludeExclude(
            reading: &reader, include: "message.prefix.include.list", exclude: "message.prefix.exclude.list")
        isMessagePrefixIncluded = { prefixes.includes($0) }
        let limit = reader.integer("guardrail.collections.max", 0)
        tableCountMax = limit > 0 ? limit : nil
        failsAboveTableCountMax = reader.string("guardrail.collections.limit.action")?.lowercased() == "fail"
    }
}

/// A pair of an include and an exclude list, of which only one may be set.
struct IncludeExclude: Sendable {
    let included: NameExpressions?
    private let excluded: NameExpressions?

    init(reading reader: inout PropertyReader, include: String, exclude: String) {
        included = reader.expressions(include)
        excluded = reader.expressions(exclude)
        if included != nil, excluded != nil {
            reader.report(exclude, "property '\(exclude)' cannot be set together with '\(include)'")
        }
    }

    var isEmpty: Bool { included == nil && excluded == nil }

    func includes(_ name: String) -> Bool {
        if let included { return included.matches(name) }
        if let excluded { return !excluded.matches(name) }
        return true
    }
}

extension ReselectSettings {
    init?(reading reader: inout PropertyReader, processors: [String]) {
        guard let name = processors.first else { return nil }
        if processors.count > 1 {
            reader.report(
                "post.processors", "property 'post.processors' names \(processors.count) processors; one is supported")
        }
        let accepted = "io.debezium.processors.reselect.ReselectColumnsPostProcessor"
        for processor in processors {
            let type = reader.string("\(processor).type")
            if type != accepted {
                reader.report(
                    "\(processor).type",
                    type.map { "property '\(processor).type' is '\($0)', but only '\(accepted)' is supported" }
                        ?? "property '\(processor).type' is required: post.processors names '\(processor)'")
            }
        }
        self.init()
        unavailableValues = reader.boolean("\(name).reselect.unavailable.values", true)
        nullValues = reader.boolean("\(name).reselect.null.values", true)
        usesEventKey = reader.boolean("\(name).reselect.use.event.key", false)
        failsOnError = reader.string("\(name).reselect.error.handling.mode")?.lowercased() == "fail"
        let columns = IncludeExclude(
            reading: &reader, include: "\(name).reselect.columns.include.list",
            exclude: "\(name).reselect.columns.exclude.list")
        isColumnIncluded = { table, column in columns.includes("\(table):\(column)") }
    }
}

extension TopicCreationSettings {
    init(reading reader: inout PropertyReader) {
        self.init()
        let groups = reader.list("topic.creation.groups")
        let own: Set<String> = ["include", "exclude", "partitions", "replication.factor"]
        var settings: [String: TopicSettings] = [:]
        for (name, rest, value) in reader.family("topic.creation.") where rest != "groups" && rest != "enable" {
            guard let dot = rest.firstIndex(of: ".") else { continue }
            let group = String(rest[..<dot])
            let key = String(rest[rest.index(after: dot)...])
            guard group == "default" || groups.contains(group) else {
                reader.report(name, "property '\(name)' is set, but 'topic.creation.groups' does not name '\(group)'")
                continue
            }
            if key == "partitions" {
                let count = Int32(value.trimmingCharacters(in: .whitespaces)) ?? -1
                if count == 0 {
                    reader.report(name, "property '\(name)' is '0'; accepted is -1 or a whole number from 1 on")
                }
                settings[group, default: TopicSettings()].partitionCount = count > 0 ? count : nil
            } else if !own.contains(key) {
                settings[group, default: TopicSettings()].configuration[key] = value
            }
        }
        let defaults = settings["default"] ?? TopicSettings()
        let rules = groups.map { group in
            let names = IncludeExclude.Pair(
                include: reader.expressions("topic.creation.\(group).include"),
                exclude: reader.expressions("topic.creation.\(group).exclude"))
            var merged = defaults
            if let specific = settings[group] {
                merged.partitionCount = specific.partitionCount ?? merged.partitionCount
                merged.configuration.merge(specific.configuration) { _, new in new }
            }
            return (names: names, settings: merged)
        }
        self.settings = { topic in rules.first { $0.names.matches(topic) }?.settings ?? defaults }
    }
}

extension IncludeExclude {
    /// An include list less an exclude list, as Connect's topic groups have them: both may be set.
    struct Pair: Sendable {
        let include: NameExpressions?
        let exclude: NameExpressions?
        func matches(_ name: String) -> Bool {
            (include?.matches(name) ?? false) && !(exclude?.matches(name) ?? false)
        }
    }
}
