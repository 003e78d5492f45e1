internal import ByteCoding
internal import ChangeModel

/// The names in a log's directory, and how its small files are written. `Docs/formats/log.md` describes them.
enum LogLayout {
    static let format = "tailrace-log"
    static let formatVersion = 1
    static let lock = ".lock"
    static let cleanShutdown = ".clean-shutdown"
    static let topics = "topics"

    static func cleanMark(journalNumber: Int, byteCount: Int64) -> [UInt8] {
        Array("version=1\njournal=\(journalNumber)\nbytes=\(byteCount)\n".utf8)
    }

    static func read(_ path: String, files: some FileSystem) throws(StorageError) -> [UInt8] {
        let file = try files.open(path, .read)
        var bytes = ByteBuffer()
        try file.read(at: 0, count: Int(try file.byteCount()), into: &bytes)
        return bytes.array()
    }

    /// Writes a small file so that it is there whole or not at all.
    static func replace(_ path: String, with bytes: [UInt8], files: some FileSystem) throws(StorageError) {
        let file = try files.open(path + ".new", .create)
        try file.truncate(to: 0)
        try file.write(bytes.span, at: 0)
        try file.synchronize()
        try files.rename(path + ".new", to: path)
    }

    static func write(
        _ topic: TopicDescription, directory: String, files: some FileSystem
    ) throws(StorageError) {
        let folder = "\(directory)/\(topics)"
        try replace("\(folder)/\(topic.name).properties", with: topic.encode(), files: files)
        try files.synchronizeDirectory(folder)
    }

    static func loadTopics(
        directory: String, files: some FileSystem
    ) throws(StorageError) -> [String: TopicDescription] {
        let folder = "\(directory)/\(topics)"
        var result: [String: TopicDescription] = [:]
        for file in try files.names(in: folder) where file.hasSuffix(".properties") {
            let name = String(file.dropLast(11))
            let path = "\(folder)/\(file)"
            result[name] = try TopicDescription(name: name, decoding: try read(path, files: files), path: path)
        }
        return result
    }

    static func createPartition<Files: FileSystem>(
        _ id: TopicPartition, of topic: TopicDescription, directory: String, files: Files
    ) throws(StorageError) -> PartitionLog<Files> {
        let folder = "\(directory)/\(id)"
        try files.createDirectory(folder)
        // Left over from a topic of that name whose creation or removal a crash cut short.
        for name in try files.names(in: folder) { try files.remove("\(folder)/\(name)") }
        try replace(
            "\(folder)/partition.metadata", with: Array("version: 0\ntopic_id: \(topic.id)\n".utf8), files: files)
        let active = try ActiveSegment(folder: folder, baseOffset: .zero, files: files)
        try files.synchronizeDirectory(folder)
        return PartitionLog(
            id: id, topicID: topic.id, folder: folder, files: files, configuration: topic.configuration,
            segments: [PartitionLog.segment(of: active, folder: folder, files: files)], active: active,
            nextOffset: .zero, logStartOffset: .zero)
    }

    /// Removes a partition's folder with its files.
    static func removeFolder(_ folder: String, files: some FileSystem) throws(StorageError) {
        guard files.exists(folder) else { return }
        for name in try files.names(in: folder) { try files.remove("\(folder)/\(name)") }
        try files.remove(folder)
    }

    /// Removes folders of partitions whose topic does not exist: a crash cut its creation or its removal short. Only a
    /// folder that has our `partition.metadata`, or nothing at all, is taken for one.
    static func removeOrphans(
        _ topics: [String: TopicDescription], directory: String, files: some FileSystem
    ) throws(StorageError) {
        for name in try files.names(in: directory) {
            guard let dash = name.lastIndex(of: "-"), let number = Int32(name[name.index(after: dash)...]) else {
                continue
            }
            if let topic = topics[String(name[..<dash])], number >= 0, number < topic.partitionCount { continue }
            let folder = "\(directory)/\(name)"
            guard let content = try? files.names(in: folder), content.isEmpty || content.contains("partition.metadata")
            else { continue }
            try removeFolder(folder, files: files)
        }
    }
}
