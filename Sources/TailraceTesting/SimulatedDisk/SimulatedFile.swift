public import ByteCoding
public import CommitLog

/// A file of a ``SimulatedFileSystem``.
public final class SimulatedFile: StorageFile {
    private let system: SimulatedFileSystem
    private let inode: Int
    private let life: Int

    init(system: SimulatedFileSystem, inode: Int, life: Int) {
        self.system = system
        self.inode = inode
        self.life = life
    }

    public func byteCount() throws(StorageError) -> Int64 {
        let (inode, life) = (inode, life)
        return try system.change { disk throws(StorageError) in
            try disk.requireLife(life)
            return Int64(disk.inodes[inode].content.count)
        }
    }

    public func read(at position: Int64, count: Int, into buffer: inout ByteBuffer) throws(StorageError) {
        let (inode, life) = (inode, life)
        let bytes = try system.change { disk throws(StorageError) -> [UInt8] in
            try disk.requireLife(life)
            let content = disk.inodes[inode].content
            let start = min(Int(position), content.count)
            return Array(content[start..<min(content.count, start + count)])
        }
        buffer.append(bytes)
    }

    public func write(_ bytes: Span<UInt8>, at position: Int64) throws(StorageError) {
        let copy = bytes.withUnsafeBufferPointer { Array($0) }
        let (inode, life) = (inode, life)
        try system.change { disk throws(StorageError) in
            try disk.requireLife(life)
            try disk.write(copy, at: Int(position), to: inode)
        }
    }

    public func truncate(to byteCount: Int64) throws(StorageError) {
        let (inode, life) = (inode, life)
        try system.change { disk throws(StorageError) in
            try disk.requireLife(life)
            try disk.truncate(inode, to: Int(byteCount))
        }
    }

    public func synchronize() throws(StorageError) {
        let (inode, life) = (inode, life)
        try system.change { disk throws(StorageError) in
            try disk.requireLife(life)
            try disk.synchronize(inode)
        }
    }
}
