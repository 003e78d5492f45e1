public import ByteCoding

/// An open file. Reads and writes name their position, so readers and the writer share one.
public protocol StorageFile: AnyObject, Sendable {
    func byteCount() throws(StorageError) -> Int64
    /// Appends up to `count` bytes from `position` to `buffer`; fewer only at the file's end.
    func read(at position: Int64, count: Int, into buffer: inout ByteBuffer) throws(StorageError)
    func write(_ bytes: Span<UInt8>, at position: Int64) throws(StorageError)
    func truncate(to byteCount: Int64) throws(StorageError)
    /// Returns when everything written is durable.
    func synchronize() throws(StorageError)
}
