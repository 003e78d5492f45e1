import ArgumentParser
import ChangeModel
import Foundation
import KafkaClient

extension GroupsCommand {
    struct ResetOffsets: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-offsets",
            abstract: "Set where a group goes on reading.",
            discussion: """
                Shows what would change; --execute does it. The group must have no members. An offset outside of what a
                partition holds becomes the nearest that it holds.
                """)

        @Argument(help: "The group's name.")
        var group: String
        @Option(name: .customLong("topic"), help: "A topic, or partitions of it as topic:0,1; may be repeated.")
        var topics: [String] = []
        @Flag(help: "Every topic that the group has offsets of.")
        var allTopics = false

        @Flag(help: "To the first record that is kept.")
        var toEarliest = false
        @Flag(help: "To the end.")
        var toLatest = false
        @Flag(help: "To what is committed, or the end where nothing is.")
        var toCurrent = false
        @Option(help: "To this offset.")
        var toOffset: Int64?
        @Option(help: "To the first record at or after this time: 2026-01-31, 2026-01-31T12:00:00Z or milliseconds.")
        var toDatetime: String?
        @Option(help: "To the first record of the last so much time: P1DT2H, 90s, 15m, 2h or 3d.")
        var byDuration: String?
        @Option(parsing: .unconditional, help: "Forwards by so many records, or back by a negative number.")
        var shiftBy: Int64?

        @Flag(help: "Only show what would change. The default.")
        var dryRun = false
        @Flag(help: "Change it.")
        var execute = false
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var cluster: ClusterOptions

        func validate() throws {
            if topics.isEmpty != allTopics { throw ValidationError("Give either --topic or --all-topics.") }
            if dryRun && execute { throw ValidationError("--dry-run and --execute exclude each other.") }
            _ = try reset(now: 0)
        }

        private func reset(now: Int64) throws -> OffsetReset {
            var found: [OffsetReset] = []
            if toEarliest { found.append(.earliest) }
            if toLatest { found.append(.latest) }
            if toCurrent { found.append(.current) }
            if let toOffset { found.append(.offset(toOffset)) }
            if let toDatetime {
                let isAge = ["s", "m", "h", "d"].contains(toDatetime.last.map(String.init) ?? "")
                guard !isAge, let time = SinceTime.parse(toDatetime, now: now) else {
                    throw ValidationError(
                        "--to-datetime '\(toDatetime)' is not a time; write 2026-01-31, 2026-01-31T12:00:00Z or "
                            + "milliseconds.")
                }
                found.append(.time(time))
            }
            if let byDuration {
                guard let age = OffsetReset.duration(byDuration) else {
                    throw ValidationError(
                        "--by-duration '\(byDuration)' is not a duration; write P1DT2H, 15m, 2h or 3d.")
                }
                found.append(.time(now - age))
            }
            if let shiftBy { found.append(.shift(shiftBy)) }
            guard found.count == 1, let reset = found.first else {
                throw ValidationError(
                    "Say where to: one of --to-earliest, --to-latest, --to-current, --to-offset, --to-datetime, "
                        + "--by-duration, --shift-by.")
            }
            return reset
        }

        func run() async throws {
            let reset = try reset(now: Int64(Date().timeIntervalSince1970 * 1000))
            let selections = try topics.map { try PartitionSelection($0) }
            try await cluster.withAdmin { admin in
                let description = try await admin.describeGroup(group)
                guard description.members.isEmpty else {
                    throw KafkaError(
                        code: .nonEmptyGroup,
                        detail: "group '\(group)' is \(description.state) with \(description.members.count) members; "
                            + "offsets can be set only while nobody reads")
                }
                let changes = try await plan(reset, selections, admin)
                show(changes)
                if execute {
                    try await admin.alterGroupOffsets(
                        group, changes.map { PartitionOffset($0.partition, offset: $0.target) })
                } else {
                    StandardError.note("nothing was changed; --execute does it")
                }
            }
        }

        private struct Change {
            let partition: TopicPartition
            let committed: Int64?
            let target: Int64
        }

        private func plan(
            _ reset: OffsetReset, _ selections: [PartitionSelection], _ admin: KafkaAdmin
        ) async throws(KafkaError) -> [Change] {
            var committed: [TopicPartition: Int64] = [:]
            for entry in try await admin.listGroupOffsets(group) where entry.offset >= 0 && entry.error == nil {
                committed[entry.partition] = entry.offset
            }
            var partitions: [TopicPartition] = []
            if allTopics {
                partitions = Array(committed.keys)
            } else {
                let metadata = try await admin.metadata()
                for selection in selections { partitions += try selection.resolve(in: metadata) }
            }
            partitions.sort { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
            var atTime: [TopicPartition: Int64] = [:]
            if case .time(let time) = reset, !partitions.isEmpty {
                for entry in try await admin.offsets(atOrAfter: partitions.map { PartitionOffset($0, offset: time) })
                where entry.offset >= 0 { atTime[entry.partition] = entry.offset }
            }
            var changes: [Change] = []
            for partition in partitions {
                let bounds = try await admin.watermarks(of: partition)
                changes.append(
                    Change(
                        partition: partition, committed: committed[partition],
                        target: reset.target(
                            committed: committed[partition], bounds: bounds, atTime: atTime[partition])))
            }
            return changes
        }

        private func show(_ changes: [Change]) {
            var table = TextTable(["GROUP", "TOPIC", "PARTITION", "CURRENT", "NEW"], right: [2, 3, 4])
            for change in changes {
                if json {
                    var line = JSONLine()
                    line.set("group", group)
                    line.set("topic", change.partition.topic)
                    line.set("partition", Int64(change.partition.partition))
                    line.set("current", change.committed)
                    line.set("new", change.target)
                    line.set("executed", execute)
                    line.printLine()
                } else {
                    table.add([
                        group, change.partition.topic, "\(change.partition.partition)",
                        change.committed.map { "\($0)" } ?? "-", "\(change.target)",
                    ])
                }
            }
            if !json { print(table.rendered(style: .forOutput()), terminator: "") }
        }
    }
}
