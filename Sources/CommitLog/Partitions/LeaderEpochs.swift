public import ChangeModel

/// A partition's leader epochs: each says from which offset on it wrote.
///
/// One node leads for ever, so an epoch ends only when the log was cut back after a crash in a way that readers may have
/// noticed: what they had read beyond the cut is then another epoch's, and they can tell. The file
/// `leader-epoch-checkpoint` (Kafka's format) has a line with the version 0, one with the count, then `epoch offset`
/// lines. Where there is none, epoch 0 began with the partition.
public struct LeaderEpochs: Sendable, Equatable {
    static let name = "leader-epoch-checkpoint"

    struct Entry: Sendable, Equatable {
        let epoch: Int32
        let startOffset: Offset
    }

    private(set) var entries = [Entry(epoch: 0, startOffset: .zero)]

    /// The epoch that writes now.
    public var current: Int32 { entries[entries.count - 1].epoch }

    /// Where the newest epoch that is not above `epoch` ended, and which that was, as OffsetForLeaderEpoch answers.
    /// - Parameter endOffset: where the partition ends now.
    /// - Returns: nil for an epoch that is not known yet.
    public func end(of epoch: Int32, endOffset: Offset) -> (epoch: Int32, offset: Offset)? {
        if epoch == current { return (epoch, endOffset) }
        guard epoch >= 0, epoch < current else { return nil }
        guard let place = entries.lastIndex(where: { $0.epoch <= epoch }) else {
            return (epoch, entries[0].startOffset)
        }
        return (entries[place].epoch, entries[place + 1].startOffset)
    }

    /// Begins the next epoch at `offset`, where the log was cut.
    mutating func begin(at offset: Offset) {
        let next = current + 1
        entries.removeAll { $0.startOffset >= offset }
        entries.append(Entry(epoch: next, startOffset: offset))
    }

    static func load(folder: String, files: some FileSystem) throws(StorageError) -> LeaderEpochs {
        var epochs = LeaderEpochs()
        let path = "\(folder)/\(name)"
        guard files.exists(path) else { return epochs }
        let lines = String(decoding: try LogLayout.read(path, files: files), as: UTF8.self).split(separator: "\n")
        var entries: [Entry] = []
        for line in lines.dropFirst(2) {
            let words = line.split(separator: " ")
            guard words.count == 2, let epoch = Int32(words[0]), let offset = Int64(words[1]), epoch >= 0,
                epoch > entries.last?.epoch ?? -1
            else { throw StorageError(.corrupt, "'\(path)' has a line that is not an epoch and an offset") }
            entries.append(Entry(epoch: epoch, startOffset: Offset(rawValue: offset)))
        }
        guard lines.first == "0", lines.count >= 2, Int(lines[1]) == entries.count else {
            throw StorageError(.corrupt, "'\(path)' is not a version 0 checkpoint or is cut short")
        }
        if !entries.isEmpty { epochs.entries = entries }
        return epochs
    }

    func write(folder: String, files: some FileSystem) throws(StorageError) {
        var text = "0\n\(entries.count)\n"
        for entry in entries { text += "\(entry.epoch) \(entry.startOffset)\n" }
        try LogLayout.replace("\(folder)/\(Self.name)", with: Array(text.utf8), files: files)
    }
}
