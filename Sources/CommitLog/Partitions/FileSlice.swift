public import ByteCoding

/// A range of a segment's file, for handing its bytes to a socket without a copy.
///
/// The file stays open, and its bytes stay what they are, as long as this is held: appends go behind the range, and a
/// compaction or a removal leaves the open file alone.
public struct FileSlice<Files: FileSystem>: Sendable {
    public let file: Files.File
    /// In bytes from the file's start.
    public let position: Int64
    public let byteCount: Int

    /// Appends the range's bytes to `buffer`.
    public func read(into buffer: inout ByteBuffer) throws(StorageError) {
        try file.read(at: position, count: byteCount, into: &buffer)
    }
}
