/// The disk as the log uses it: the operating system's is one implementation, a simulated disk that loses power the
/// other.
///
/// Contract: what was written to a file survives a power cut once `StorageFile.synchronize` has returned, and a name
/// (created, renamed or removed) once `synchronizeDirectory` of its folder has; before that, any part of it may be lost.
/// Paths are plain strings with `/` between names. Safe to use from any thread.
public protocol FileSystem: Sendable {
    associatedtype File: StorageFile

    func open(_ path: String, _ mode: OpenMode) throws(StorageError) -> File
    /// The names in a folder, in no order, without `.` and `..`.
    func names(in path: String) throws(StorageError) -> [String]
    func exists(_ path: String) -> Bool
    /// Creates the folder and those above it; an existing one is fine.
    func createDirectory(_ path: String) throws(StorageError)
    /// Removes a file, or a folder that is empty; one that is not there is fine.
    func remove(_ path: String) throws(StorageError)
    /// Replaces `newPath` atomically.
    func rename(_ path: String, to newPath: String) throws(StorageError)
    func synchronizeDirectory(_ path: String) throws(StorageError)
    /// Locks the file against other processes until the result is given up.
    /// - Throws: ``StorageError/Code/locked``, naming the process where it is known.
    func lock(_ path: String) throws(StorageError) -> any Sendable
}
