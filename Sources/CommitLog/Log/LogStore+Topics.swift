internal import ChangeModel

extension LogStore {
    /// Removes a topic and its records.
    func deleteTopic(_ name: String) throws(StorageError) {
        try requireOpen()
        guard let topic = topics[name] else { throw StorageError(.unknownTopic, "there is no topic '\(name)'") }
        let folder = "\(directory)/\(LogLayout.topics)"
        // Without this file the topic is gone; what stays of its folders after a crash is cleared at the next start.
        try files.remove("\(folder)/\(name).properties")
        try files.synchronizeDirectory(folder)
        let gone = (0..<topic.partitionCount).map { TopicPartition(topic: name, partition: $0) }
        forget(topic)
        defer { observer.notify { gone } }
        for number in 0..<topic.partitionCount {
            try LogLayout.removeFolder("\(directory)/\(TopicPartition(topic: name, partition: number))", files: files)
        }
        try files.synchronizeDirectory(directory)
    }

    /// Changes a topic's settings; a nil value takes one back to its default.
    func alterTopic(_ name: String, settings: [String: String?]) throws(StorageError) -> TopicDescription {
        try requireOpen()
        guard var topic = topics[name] else { throw StorageError(.unknownTopic, "there is no topic '\(name)'") }
        var merged = topic.configuration.overrides
        for (setting, value) in settings {
            if let value { merged[setting] = value } else { merged[setting] = nil }
        }
        topic.configuration = try TopicConfiguration(merged)
        try LogLayout.write(topic, directory: directory, files: files)
        replace(topic)
        return topic
    }

    /// Makes `offset` the first that can be read, at most the high watermark.
    func deleteRecords(before offset: Offset, in id: TopicPartition) throws(StorageError) -> Offset {
        try requireOpen()
        guard let log = partitions[id] else { throw StorageError(.unknownTopic, "there is no partition \(id)") }
        guard offset <= log.nextOffset else {
            throw StorageError(
                .offsetOutOfRange, "offset \(offset) of \(id) lies behind the last, \(log.nextOffset)",
                availableOffsets: log.logStartOffset..<log.nextOffset)
        }
        if offset > log.logStartOffset {
            log.logStartOffset = offset
            try record([log])
            log.publish()
            try log.removeSegments(before: offset)
            observer.notify { [id] }
        }
        return log.logStartOffset
    }
}
