import Foundation
import Glibc

/// A new directory under the system's temporary directory, removed with everything in it when the value goes.
public final class TemporaryDirectory: Sendable {
    public let path: String

    /// - Throws: ``FixtureError`` when the directory cannot be made.
    public init(prefix: String = "tailrace-test") throws {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(base)/\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw FixtureError("cannot make a directory under \(base): \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove() }

    /// Removes the directory now.
    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` inside.
    public func file(_ name: String) -> String { "\(path)/\(name)" }
}
