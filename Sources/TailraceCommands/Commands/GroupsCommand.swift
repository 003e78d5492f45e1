import ArgumentParser
import ChangeModel
import Foundation
import KafkaClient

struct GroupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups", abstract: "List, describe, reset and delete consumer groups of a Kafka cluster.",
        subcommands: [List.self, Describe.self, ResetOffsets.self, Delete.self, DeleteOffsets.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the groups with their states. The default.")

        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            try await cluster.withAdmin { admin in
                var table = TextTable(["GROUP", "STATE"])
                for group in try await admin.listGroups() {
                    if json {
                        var line = JSONLine()
                        line.set("group", group.name)
                        line.set("state", group.state)
                        line.printLine()
                    } else {
                        table.add([group.name, group.state])
                    }
                }
                if !json { print(table.rendered(style: .forOutput()), terminator: "") }
            }
        }
    }

    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show groups' offsets, lag and members.",
            discussion: "A group that does not exist is an error. '-' stands for what is not known or not there.")

        @Argument(help: "The groups' names.")
        var groups: [String]
        @Flag(help: "The members instead of the partitions.")
        var members = false
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            try await cluster.withAdmin { admin in
                for name in groups {
                    let report = try await GroupReport(name, admin: admin)
                    guard report.group.state != "Dead" || !report.rows.isEmpty else {
                        throw KafkaError(code: .groupNotFound, detail: "there is no group '\(name)'")
                    }
                    if members { show(members: report.group) } else { show(partitions: report) }
                }
            }
        }

        private func show(partitions report: GroupReport) {
            if !json { StandardError.note("group '\(report.group.name)' is \(report.group.state)") }
            var table = TextTable(
                ["GROUP", "TOPIC", "PARTITION", "CURRENT", "END", "LAG", "MEMBER", "HOST"], right: [2, 3, 4, 5])
            for row in report.rows {
                if json {
                    var line = JSONLine()
                    line.set("group", report.group.name)
                    line.set("state", report.group.state)
                    line.set("topic", row.partition.topic)
                    line.set("partition", Int64(row.partition.partition))
                    line.set("current", row.committed)
                    line.set("end", row.end)
                    line.set("lag", row.lag)
                    line.set("member", row.member?.id)
                    line.set("client", row.member?.clientID)
                    line.set("host", row.member?.host)
                    line.printLine()
                } else {
                    let number = { (value: Int64?) in value.map { "\($0)" } ?? "-" }
                    table.add([
                        report.group.name, row.partition.topic, "\(row.partition.partition)", number(row.committed),
                        number(row.end), number(row.lag), row.member?.id ?? "-", row.member?.host ?? "-",
                    ])
                }
            }
            if !json { print(table.rendered(style: .forOutput()), terminator: "") }
        }

        private func show(members group: ConsumerGroup) {
            var table = TextTable(["GROUP", "MEMBER", "INSTANCE", "CLIENT", "HOST", "PARTITIONS"], right: [5])
            for member in group.members {
                if json {
                    var line = JSONLine()
                    line.set("group", group.name)
                    line.set("member", member.id)
                    line.set("instance", member.instanceID)
                    line.set("client", member.clientID)
                    line.set("host", member.host)
                    line.set("partitions", member.assignment.map { .string("\($0)") })
                    line.printLine()
                } else {
                    table.add([
                        group.name, member.id, member.instanceID ?? "-", member.clientID, member.host,
                        "\(member.assignment.count)",
                    ])
                }
            }
            if !json { print(table.rendered(style: .forOutput()), terminator: "") }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete groups, which must have no members.")

        @Argument(help: "The groups' names.")
        var groups: [String]
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            try await cluster.withAdmin { admin in
                for group in groups { try await admin.deleteGroup(group) }
            }
        }
    }

    struct DeleteOffsets: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete-offsets",
            abstract: "Delete a group's offsets of topics to which no member is subscribed.")

        @Argument(help: "The group's name.")
        var group: String
        @Option(name: .customLong("topic"), help: "A topic, or partitions of it as topic:0,1; may be repeated.")
        var topics: [String]
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            let selections = try topics.map { try PartitionSelection($0) }
            try await cluster.withAdmin { admin in
                let metadata = try await admin.metadata()
                var partitions: [TopicPartition] = []
                for selection in selections { partitions += try selection.resolve(in: metadata) }
                try await admin.deleteGroupOffsets(group, partitions)
            }
        }
    }
}
