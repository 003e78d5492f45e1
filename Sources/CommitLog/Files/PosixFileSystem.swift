internal import ByteCoding
internal import Glibc

/// The operating system's files.
public struct PosixFileSystem: FileSystem {
    public init() {}

    /// Lets the process have as many files open as its hard limit allows: a partition has three, and the usual soft limit
    /// of 1,024 is soon reached.
    public static func raiseFileLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    public func open(_ path: String, _ mode: OpenMode) throws(StorageError) -> PosixFile {
        let flags: Int32
        switch mode {
        case .read: flags = O_RDONLY
        case .readWrite: flags = O_RDWR
        case .create: flags = O_RDWR | O_CREAT
        }
        let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw PosixFile.failure("open", path) }
        return PosixFile(descriptor: descriptor, path: path)
    }

    public func names(in path: String) throws(StorageError) -> [String] {
        guard let folder = unsafe opendir(path) else { throw PosixFile.failure("list", path) }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            // SAFETY: the name is a C string within the entry, which lives until the next call.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
                unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    public func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    public func createDirectory(_ path: String) throws(StorageError) {
        if unsafe mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw PosixFile.failure("create", path)
        }
        try createDirectory(String(path[..<slash]))
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw PosixFile.failure("create", path) }
    }

    public func remove(_ path: String) throws(StorageError) {
        guard unsafe Glibc.remove(path) == 0 || errno == ENOENT else { throw PosixFile.failure("remove", path) }
    }

    public func rename(_ path: String, to newPath: String) throws(StorageError) {
        guard unsafe Glibc.rename(path, newPath) == 0 else { throw PosixFile.failure("rename", path) }
    }

    public func synchronizeDirectory(_ path: String) throws(StorageError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PosixFile.failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw PosixFile.failure("sync", path) }
    }

    public func lock(_ path: String) throws(StorageError) -> any Sendable {
        let file = try open(path, .create)
        // A child process that is being started holds its parent's locks for a moment, until it runs its own program.
        var attemptCount = 0
        while flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw PosixFile.failure("lock", path) }
            attemptCount += 1
            if attemptCount < 50 {
                usleep(10_000)
                continue
            }
            var content = ByteBuffer()
            try file.read(at: 0, count: 20, into: &content)
            let holder = String(decoding: content.array(), as: UTF8.self).filter(\.isNumber)
            let who = holder.isEmpty ? "another process" : "process \(holder)"
            throw StorageError(
                .locked, "'\(path)' is held by \(who): stop it first, or use another data directory")
        }
        try file.truncate(to: 0)
        try file.write(Array("\(getpid())\n".utf8).span, at: 0)
        return file
    }
}
