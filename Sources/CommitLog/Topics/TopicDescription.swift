public import ChangeModel

/// A topic as the log keeps it.
///
/// On disk it is the file `topics/<name>.properties`: `version=1`, `topic.id`, `partitions`, `created.ms`, and one line
/// `config.<name>=<value>` for each setting that was given. The file's presence is the topic's existence: it is renamed
/// into place after the partitions' folders are there, and removed before they go.
public struct TopicDescription: Sendable, Equatable {
    public let name: String
    public let id: TopicID
    public internal(set) var partitionCount: Int32
    /// Milliseconds since 1970.
    public let createdAt: Int64
    public var configuration: TopicConfiguration

    public static let partitionCountMax: Int32 = 10_000

    /// Kafka's rule for names: 1 to 249 of letters, digits, `.`, `_` and `-`, and neither `.` nor `..`.
    public static func validate(name: String) throws(StorageError) {
        let isValid =
            (1...249).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isValid else {
            throw StorageError(
                .invalidTopic,
                "topic name '\(name)' is not valid: use 1 to 249 letters, digits, '.', '_' and '-'")
        }
    }

    func encode() -> [UInt8] {
        var text = "version=1\ntopic.id=\(id)\npartitions=\(partitionCount)\ncreated.ms=\(createdAt)\n"
        for (name, value) in configuration.overrides.sorted(by: { $0.key < $1.key }) {
            text += "config.\(name)=\(value)\n"
        }
        return Array(text.utf8)
    }

    init(
        name: String, id: TopicID, partitionCount: Int32, createdAt: Int64, configuration: TopicConfiguration
    ) {
        self.name = name
        self.id = id
        self.partitionCount = partitionCount
        self.createdAt = createdAt
        self.configuration = configuration
    }

    init(name: String, decoding bytes: [UInt8], path: String) throws(StorageError) {
        var values: [String: String] = [:]
        var settings: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let key = String(line[..<equals])
            let value = String(line[line.index(after: equals)...])
            if key.hasPrefix("config.") { settings[String(key.dropFirst(7))] = value } else { values[key] = value }
        }
        guard values["version"] == "1" else {
            throw StorageError(
                .unsupportedVersion,
                "'\(path)' has version \(values["version"] ?? "none"), this program reads 1: use a newer program")
        }
        guard let id = values["topic.id"].flatMap({ TopicID($0) }),
            let partitionCount = values["partitions"].flatMap({ Int32($0) }), partitionCount > 0,
            let createdAt = values["created.ms"].flatMap({ Int64($0) })
        else { throw StorageError(.corrupt, "'\(path)' lacks the topic's id, partitions or time") }
        self.init(
            name: name, id: id, partitionCount: partitionCount, createdAt: createdAt,
            configuration: try TopicConfiguration(settings))
    }
}
