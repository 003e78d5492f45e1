public import CommitLog
internal import Synchronization

/// A disk in memory that loses power, fills up and forgets what was not synced, by seed.
///
/// After a power cut a file holds what was synced, and of the writes since then any subset, each of them possibly torn;
/// of the changes to names since their folder was synced a prefix survives, as journaling file systems keep them.
/// Every call after the cut fails until ``restart()``.
public final class SimulatedFileSystem: FileSystem {
    private let state: Mutex<SimulatedDisk>

    public init(seed: UInt64) { state = Mutex(SimulatedDisk(seed: seed)) }

    /// How many writes, syncs and changes of names have been asked for.
    public var operationCount: Int { state.withLock { $0.operationCount } }

    /// The power goes at the `count`th operation from now on, before or in the middle of it; nil keeps it on.
    public func cutPower(afterOperations count: Int?) {
        state.withLock { disk in disk.cutAt = count.map { disk.operationCount + $0 } }
    }

    /// How many bytes all files may have together; nil for no bound.
    public var byteCountMax: Int? {
        get { state.withLock { $0.byteCountMax } }
        set { state.withLock { $0.byteCountMax = newValue } }
    }

    /// Brings the power back, with what has survived.
    public func restart() { state.withLock { $0.restart() } }

    /// Starts again after the process died while the machine went on: everything written is there.
    public func restartProcess() { state.withLock { $0.restartProcess() } }

    public func open(_ path: String, _ mode: OpenMode) throws(StorageError) -> SimulatedFile {
        try change { disk throws(StorageError) in
            SimulatedFile(system: self, inode: try disk.open(path, creating: mode == .create), life: disk.life)
        }
    }

    public func names(in path: String) throws(StorageError) -> [String] {
        try change { disk throws(StorageError) in try disk.list(path) }
    }

    public func exists(_ path: String) -> Bool { state.withLock { $0.names[path] != nil } }

    public func createDirectory(_ path: String) throws(StorageError) {
        try change { disk throws(StorageError) in try disk.createDirectory(path) }
    }

    public func remove(_ path: String) throws(StorageError) {
        try change { disk throws(StorageError) in
            if disk.names[path] != nil { try disk.rename(path, to: nil) }
        }
    }

    public func rename(_ path: String, to newPath: String) throws(StorageError) {
        try change { disk throws(StorageError) in try disk.rename(path, to: newPath) }
    }

    public func synchronizeDirectory(_ path: String) throws(StorageError) {
        try change { disk throws(StorageError) in try disk.synchronizeDirectory(path) }
    }

    public func lock(_ path: String) throws(StorageError) -> any Sendable {
        _ = try open(path, .create)
        return 0
    }

    func change<Result>(
        _ body: (inout SimulatedDisk) throws(StorageError) -> sending Result
    ) throws(StorageError) -> sending Result {
        try state.withLock { disk throws(StorageError) in try body(&disk) }
    }
}
