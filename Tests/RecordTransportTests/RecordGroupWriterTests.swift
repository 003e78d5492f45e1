import ByteCoding
import ChangeModel
import KafkaProtocol
import RecordTransport
import TailraceTesting
import Testing

@Suite("Gathering records into groups")
struct RecordGroupWriterTests {
    private func append(_ key: String?, _ value: [UInt8], to topic: TopicHandle, _ writer: inout RecordGroupWriter) {
        let (keyBytes, headers) = (Array((key ?? "").utf8), [0] as [UInt8])
        writer.append(
            to: topic, timestamp: 1, key: keyBytes.span, hasKey: key != nil, value: value.span, hasValue: true,
            headers: headers.span)
    }

    private func writer(partitionCount: Int32 = 1, messageBytesMax: Int = 1 << 20) -> RecordGroupWriter {
        RecordGroupWriter(group: RecordGroup()) { _ throws(TransportError) in
            RecordGroupWriter.TopicLimits(partitionCount: partitionCount, messageBytesMax: messageBytesMax)
        }
    }

    @Test("a record with a key goes where Kafka's default partitioner puts it")
    func partitioner() throws {
        var writer = writer(partitionCount: 7)
        let topic = try writer.topic(named: "t")
        for number in 0..<100 { append("key \(number)", [1], to: topic, &writer) }
        let group = try writer.takeGroup(replacingWith: RecordGroup())
        var expected: [Int32: Int32] = [:]
        for number in 0..<100 {
            let key = Array("key \(number)".utf8)
            expected[Murmur2.partition(forKey: key.span, partitionCount: 7), default: 0] += 1
        }
        let found = Dictionary(group.batches.map { ($0.partition.partition, $0.builder.recordCount) }) { $0 + $1 }
        #expect(found == expected)
        #expect(group.recordCount == 100)
    }

    @Test("records without a key stay together in a group and move on with the next")
    func sticky() throws {
        var writer = writer(partitionCount: 3)
        let topic = try writer.topic(named: "t")
        var partitions: [[Int32]] = []
        for _ in 0..<3 {
            for _ in 0..<5 { append(nil, [1], to: topic, &writer) }
            let group = try writer.takeGroup(replacingWith: RecordGroup())
            partitions.append(group.batches.map(\.partition.partition))
        }
        #expect(partitions.allSatisfy { $0.count == 1 })
        #expect(Set(partitions.joined()) == [0, 1, 2])
    }

    @Test("a batch that would pass the topic's limit is followed by another, in order")
    func split() throws {
        var writer = writer(messageBytesMax: 4000)
        let topic = try writer.topic(named: "t")
        for number in 0..<100 { append("k", [UInt8](repeating: UInt8(number), count: 300), to: topic, &writer) }
        let group = try writer.takeGroup(replacingWith: RecordGroup())
        #expect(group.batches.count > 7)
        #expect(group.batches.allSatisfy { $0.builder.byteCount <= 4000 - 61 })
        #expect(group.batches.reduce(0) { $0 + $1.builder.recordCount } == 100)
    }

    @Test("a record that is larger than the topic takes fails the group, and the error says by how much")
    func tooLarge() throws {
        var writer = writer(messageBytesMax: 4000)
        let topic = try writer.topic(named: "shop.public.blobs")
        append("k", [UInt8](repeating: 0, count: 5000), to: topic, &writer)
        do throws(TransportError) {
            _ = try writer.takeGroup(replacingWith: RecordGroup())
            Issue.record("the group was given")
        } catch {
            #expect(error.code == .recordTooLarge)
            #expect(error.detail.contains("'shop.public.blobs'"))
            #expect(error.detail.contains("max.message.bytes"))
        }
    }

    @Test("values of several megabytes come through with the default settings")
    func largeValues() async throws {
        try await withDirectory { directory in
            var options = EmbeddedTransport.Options()
            options.topicDefaults["retention.ms"] = "-1"
            let transport = try EmbeddedTransport(directory: directory, options: options)
            let session = try await transport.openSession(source: "shop")
            var generator = SeededGenerator(seed: 1)
            var writer = RecordGroupWriter(group: session.makeGroup(), transport: transport)
            let topic = try writer.topic(named: "t")
            let value = (0..<5_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            append("k", value, to: topic, &writer)
            try await session.submit(writer.takeGroup(replacingWith: session.makeGroup()))
            try await session.flush()
            let fetched = try await transport.reader.read(
                from: .zero, in: TopicPartition(topic: "t", partition: 0), byteCountMax: 1000, maxWait: .zero)
            #expect(try fetched.records().first?.value == value)
            try transport.close()
        }
    }
}
