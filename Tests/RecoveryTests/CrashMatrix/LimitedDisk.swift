import Foundation
import TailraceTesting

/// A small file system in memory that can be filled up and freed again.
final class LimitedDisk: Sendable {
    private let directory: TemporaryDirectory
    var path: String { directory.path }
    private var ballast: String { directory.file("ballast") }

    /// - Returns: nil where we may not mount one.
    static func mount(byteCount: Int) async throws -> LimitedDisk? {
        let disk = try LimitedDisk()
        let result = try await ChildProcess.run(
            "mount", ["-t", "tmpfs", "-o", "size=\(byteCount)", "tmpfs", disk.path])
        return result.exit == .code(0) ? disk : nil
    }

    private init() throws { directory = try TemporaryDirectory(prefix: "tailrace-disk") }

    deinit {
        // Detached at once even while somebody holds a file open, so that nothing stays behind.
        let umount = Process()
        umount.executableURL = URL(fileURLWithPath: "/bin/umount")
        umount.arguments = ["-l", path]
        umount.standardError = FileHandle.nullDevice
        try? umount.run()
        umount.waitUntilExit()
    }

    /// Takes all the room there is.
    /// - Throws: ``FixtureError`` when the file cannot be made.
    func fill() throws {
        let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw FixtureError("cannot make \(ballast)") }
        defer { close(descriptor) }
        let chunk = [UInt8](repeating: 0xA5, count: 1 << 20)
        var size = chunk.count
        while size > 0 {
            let written = write(descriptor, chunk, size)
            if written <= 0 { size /= 2 }
        }
    }

    func free() { unlink(ballast) }
}
