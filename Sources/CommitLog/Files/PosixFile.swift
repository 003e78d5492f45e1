public import ByteCoding
internal import Glibc

/// A file of the operating system. All calls into C for files stand here and in `PosixFileSystem`.
public final class PosixFile: StorageFile {
    let descriptor: Int32
    let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    public func byteCount() throws(StorageError) -> Int64 {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure("stat", path) }
        return Int64(status.st_size)
    }

    public func read(at position: Int64, count: Int, into buffer: inout ByteBuffer) throws(StorageError) {
        var done = 0
        while done < count {
            var got = 0
            // SAFETY: the call writes at most the room it is lent.
            unsafe buffer.append(room: count - done) { room in
                got = unsafe pread(descriptor, room.baseAddress, min(room.count, count - done), Int(position) + done)
                return max(0, got)
            }
            if got == 0 { return }
            if got < 0 {
                if errno == EINTR { continue }
                throw Self.failure("read", path)
            }
            done += got
        }
    }

    public func write(_ bytes: Span<UInt8>, at position: Int64) throws(StorageError) {
        var done = 0
        while done < bytes.count {
            // SAFETY: the call reads within the borrow.
            let wrote = unsafe bytes.withUnsafeBytes { source in
                unsafe pwrite(descriptor, source.baseAddress! + done, source.count - done, Int(position) + done)
            }
            if wrote < 0 {
                if errno == EINTR { continue }
                throw Self.failure("write", path)
            }
            done += wrote
        }
    }

    public func truncate(to byteCount: Int64) throws(StorageError) {
        while ftruncate(descriptor, Int(byteCount)) != 0 {
            guard errno == EINTR else { throw Self.failure("truncate", path) }
        }
    }

    public func synchronize() throws(StorageError) {
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw Self.failure("sync", path) }
        }
    }

    /// The error for the call that has just failed, by `errno`.
    static func failure(_ call: String, _ path: String) -> StorageError {
        let number = errno
        let reason = unsafe String(cString: strerror(number))
        let code: StorageError.Code
        switch number {
        case ENOSPC, EDQUOT: code = .diskFull
        case ENOENT: code = .notFound
        case EROFS, EACCES, EPERM: code = .readOnly
        default: code = .inputOutput
        }
        return StorageError(code, "cannot \(call) '\(path)': \(reason)")
    }
}
