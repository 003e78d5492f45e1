import ChangeModel
import CommitLog
import Foundation
import RecordTransport
import Testing

@Suite("Reading a log that another process writes")
struct DirectoryReaderTests {
    @Test("a reader follows commits, new topics, rolled segments and new journals, and sees every record once")
    func follows() async throws {
        try await withDirectory { directory in
            var options = EmbeddedTransport.Options()
            options.topicDefaults["segment.bytes"] = "4000"
            let transport = try EmbeddedTransport(directory: directory, options: options)
            let session = try await transport.openSession(source: "shop")
            try await write(["0"], topic: "t", state: "s", to: session, of: transport)
            try await session.flush()
            let reader = try DirectoryReader(directory: directory)
            async let seen = readAll(of: TopicPartition(topic: "t", partition: 0), from: reader, until: 2000)
            // The journal is begun anew at 1 MiB: about 8,000 commits of two partitions.
            for number in 1..<2000 {
                try await write(["\(number)"], topic: "t", state: "s", to: session, of: transport)
            }
            try await write(["new"], topic: "u", state: "s", to: session, of: transport)
            try await session.close()
            #expect(try await seen == (0..<2000).map { "\($0)" })
            #expect(try await reader.topics().map(\.name) == ["connect-offsets", "t", "u"])
            let offsets = try await reader.offsets(of: TopicPartition(topic: "u", partition: 0))
            #expect(offsets == .zero..<Offset(rawValue: 1))
            try transport.close()
        }
    }

    @Test("a directory that has no log is refused, and the error says so")
    func noLog() async throws {
        try await withDirectory { directory in
            #expect(throws: TransportError.self) { try DirectoryReader(directory: directory) }
        }
    }

    @Test("a second process that would write is refused, and told which one has the directory")
    func lock() async throws {
        try await withDirectory { directory in
            let transport = try EmbeddedTransport(directory: directory)
            let error = #expect(throws: TransportError.self) { try EmbeddedTransport(directory: directory) }
            #expect(error?.detail.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
            try transport.close()
        }
    }

    @Test("a directory with someone else's files is refused and left alone")
    func foreign() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(fileURLWithPath: directory + "/notes.txt"))
            let error = #expect(throws: TransportError.self) { try EmbeddedTransport(directory: directory) }
            #expect(error?.detail.contains("notes.txt") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["notes.txt"])
        }
    }

    @Test("a directory of a newer version is refused with its version")
    func newer() async throws {
        try await withDirectory { directory in
            try EmbeddedTransport(directory: directory).close()
            try Data("version=9\n".utf8).write(to: URL(fileURLWithPath: directory + "/tailrace-log"))
            let error = #expect(throws: TransportError.self) { try EmbeddedTransport(directory: directory) }
            #expect(error?.detail.contains("version 9") == true)
        }
    }

    private func readAll(
        of partition: TopicPartition, from reader: DirectoryReader, until count: Int
    ) async throws -> [String] {
        var result: [String] = []
        var offset = Offset.zero
        while result.count < count {
            let fetched = try await reader.read(
                from: offset, in: partition, byteCountMax: 1000, maxWait: .seconds(30))
            for record in try fetched.records() { result.append(String(decoding: record.value ?? [], as: UTF8.self)) }
            guard !fetched.isEmpty else { break }
            offset = fetched.nextOffset
        }
        return result
    }
}
