internal import CommitLog

/// Record batches that a fetch returns, still in their file.
struct FetchedRecords: Sendable {
    let slice: FileSlice<PosixFileSystem>
    var byteCount: Int { slice.byteCount }
}
