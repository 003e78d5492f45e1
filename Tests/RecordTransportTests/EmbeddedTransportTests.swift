import ByteCoding
import ChangeModel
import CommitLog
import Foundation
import RecordTransport
import Testing

@Suite("The embedded transport")
struct EmbeddedTransportTests {
    @Test("what a session commits is read back, and its state is restored after a restart")
    func roundTrip() async throws {
        try await withDirectory { directory in
            let transport = try EmbeddedTransport(directory: directory)
            let session = try await transport.openSession(source: "shop")
            #expect(session.restoredState == nil)
            try await write(["a", "b", "c"], topic: "shop.public.orders", state: "one", to: session, of: transport)
            try await write(["d"], topic: "shop.public.orders", state: "two", to: session, of: transport)
            try await session.flush()
            #expect(session.durableRecordCount == 4)
            #expect(session.durablePosition == LSN(rawValue: 3))
            #expect(session.isIdle)
            #expect(try await values("shop.public.orders", transport) == ["a", "b", "c", "d"])
            try await session.close()
            try transport.close()

            let again = try EmbeddedTransport(directory: directory)
            #expect(again.log.recovery.wasClean)
            let resumed = try await again.openSession(source: "shop")
            #expect(resumed.restoredState == Array("two".utf8))
            try await write(["e"], topic: "shop.public.orders", state: "three", to: resumed, of: again)
            try await resumed.close()
            #expect(try await values("shop.public.orders", again) == ["a", "b", "c", "d", "e"])
            try again.close()
        }
    }

    @Test("a reader that waits is woken by the commit, and not before its deadline otherwise")
    func longPoll() async throws {
        try await withDirectory { directory in
            let transport = try EmbeddedTransport(directory: directory)
            let session = try await transport.openSession(source: "shop")
            _ = try transport.ensureTopic("t", settings: TopicSettings())
            let partition = TopicPartition(topic: "t", partition: 0)
            let nothing = try await transport.reader.read(
                from: .zero, in: partition, byteCountMax: 1000, maxWait: .milliseconds(1))
            let isEmpty = nothing.isEmpty
            #expect(isEmpty)
            async let waiting = countRecords(of: partition, in: transport)
            try await write(["a"], topic: "t", state: "one", to: session, of: transport)
            #expect(try await waiting == 1)
            try transport.close()
        }
    }

    private func countRecords(of partition: TopicPartition, in transport: EmbeddedTransport) async throws -> Int {
        let fetched = try await transport.reader.read(
            from: .zero, in: partition, byteCountMax: 1000, maxWait: .seconds(60))
        return try fetched.records().count
    }

    @Test("several sources write at once, each in its order, and each gets its own state back")
    func severalSources() async throws {
        try await withDirectory { directory in
            let transport = try EmbeddedTransport(directory: directory)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for source in 0..<4 {
                    group.addTask {
                        let session = try await transport.openSession(source: "source \(source)")
                        for number in 0..<50 {
                            try await write(
                                ["\(source)/\(number)"], topic: "t", state: "\(source)/\(number)", to: session,
                                of: transport)
                        }
                        try await session.close()
                    }
                }
                try await group.waitForAll()
            }
            let all = try await values("t", transport)
            for source in 0..<4 {
                #expect(all.filter { $0.hasPrefix("\(source)/") } == (0..<50).map { "\(source)/\($0)" })
                let session = try await transport.openSession(source: "source \(source)")
                #expect(session.restoredState == Array("\(source)/49".utf8))
            }
            try transport.close()
        }
    }

    @Test("a log that is dropped without being closed is recovered with all that was acknowledged")
    func crash() async throws {
        try await withDirectory { directory in
            do {
                let transport = try EmbeddedTransport(directory: directory)
                let session = try await transport.openSession(source: "shop")
                try await write(["a", "b"], topic: "t", state: "one", to: session, of: transport)
                try await session.close()
            }
            let transport = try EmbeddedTransport(directory: directory)
            #expect(!transport.log.recovery.wasClean)
            #expect(try await values("t", transport) == ["a", "b"])
            #expect(try await transport.openSession(source: "shop").restoredState == Array("one".utf8))
            try transport.close()
        }
    }

    @Test("what is asked of a session after its transport was closed fails and does not hang")
    func closed() async throws {
        try await withDirectory { directory in
            let transport = try EmbeddedTransport(directory: directory)
            let session = try await transport.openSession(source: "shop")
            try await write(["a"], topic: "t", state: "one", to: session, of: transport)
            try transport.close()
            await #expect(throws: TransportError.self) {
                try await session.submit(session.makeGroup())
            }
            await #expect(throws: TransportError.self) { try await session.flush() }
        }
    }

    @Test("a newer session of the same source fences the older one")
    func fencing() async throws {
        try await withDirectory { directory in
            let transport = try EmbeddedTransport(directory: directory)
            let old = try await transport.openSession(source: "shop")
            try await write(["a"], topic: "t", state: "one", to: old, of: transport)
            let new = try await transport.openSession(source: "shop")
            await #expect(throws: TransportError.self) {
                try await write(["b"], topic: "t", state: "two", to: old, of: transport)
            }
            try await write(["c"], topic: "t", state: "three", to: new, of: transport)
            try await new.close()
            let all = try await values("t", transport)
            #expect(all.last == "c" && !all.contains("b"))
            try transport.close()
        }
    }
}

func withDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = NSTemporaryDirectory() + "tailrace-test-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try await body(directory)
}

func write(
    _ values: [String], topic: String, state: String, to session: EmbeddedSession, of transport: EmbeddedTransport
) async throws {
    var writer = RecordGroupWriter(group: session.makeGroup(), transport: transport)
    let handle = try writer.topic(named: topic)
    let (key, headers) = (Array("k".utf8), [0] as [UInt8])
    // Of today: the topics keep records for a week, and retention may look in the middle of a slow test.
    let timestamp = Int64(Date().timeIntervalSince1970 * 1000)
    for value in values {
        let value = Array(value.utf8)
        writer.append(
            to: handle, timestamp: timestamp, key: key.span, hasKey: true, value: value.span, hasValue: true,
            headers: headers.span)
    }
    let group = try writer.takeGroup(replacingWith: session.makeGroup())
    group.state = Array(state.utf8)
    group.position = LSN(rawValue: UInt64(state.utf8.count))
    try await session.submit(group)
}

func values(_ topic: String, _ transport: EmbeddedTransport) async throws -> [String] {
    let partition = TopicPartition(topic: topic, partition: 0)
    let range = try await transport.reader.offsets(of: partition)
    var result: [String] = []
    var offset = range.lowerBound
    while offset < range.upperBound {
        let fetched = try await transport.reader.read(
            from: offset, in: partition, byteCountMax: 1 << 20, maxWait: .zero)
        for record in try fetched.records() { result.append(String(decoding: record.value ?? [], as: UTF8.self)) }
        offset = fetched.nextOffset
    }
    return result
}
