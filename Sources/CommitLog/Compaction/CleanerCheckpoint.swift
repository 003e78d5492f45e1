internal import ChangeModel

/// Up to which offset each partition has been compacted, in Kafka's `cleaner-offset-checkpoint`: a line with the version
/// 0, one with the count, then `topic partition offset` lines. Losing it costs a compaction from the start, no data.
struct CleanerCheckpoint: Sendable {
    static let name = "cleaner-offset-checkpoint"
    var offsets: [TopicPartition: Offset] = [:]

    static func load(directory: String, files: some FileSystem) -> CleanerCheckpoint {
        var checkpoint = CleanerCheckpoint()
        guard let bytes = try? LogLayout.read("\(directory)/\(name)", files: files) else { return checkpoint }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst(2) {
            let words = line.split(separator: " ")
            if words.count == 3, let partition = Int32(words[1]), let offset = Int64(words[2]) {
                checkpoint.offsets[TopicPartition(topic: String(words[0]), partition: partition)] = Offset(
                    rawValue: offset)
            }
        }
        return checkpoint
    }

    func write(directory: String, files: some FileSystem) throws(StorageError) {
        var text = "0\n\(offsets.count)\n"
        for (id, offset) in offsets.sorted(by: { $0.key.description < $1.key.description }) {
            text += "\(id.topic) \(id.partition) \(offset)\n"
        }
        try LogLayout.replace("\(directory)/\(Self.name)", with: Array(text.utf8), files: files)
    }
}
