import ByteCoding
import KafkaProtocol
import TailraceTesting
import Testing

/// One message type in one version, for parameterised tests.
struct MessageVersion: Sendable, CustomTestStringConvertible {
    let type: any KafkaMessage.Type
    let version: Int16
    var testDescription: String { "\(type) version \(version)" }

    static let all: [MessageVersion] = MessageCatalog.requests.flatMap { request in
        [request as any KafkaMessage.Type, response(of: request)].flatMap { type in
            type.validVersions.map { MessageVersion(type: type, version: $0) }
        }
    }

    private static func response<Request: KafkaRequest>(of request: Request.Type) -> any KafkaMessage.Type {
        Request.Response.self
    }

    /// Random bytes of such a message, with and without tagged fields that no version knows.
    func samples(_ seeds: Range<UInt64>) throws -> [(plain: [UInt8], withUnknownTags: [UInt8])] {
        var schema = try MessageSchema(named: "\(type)", version: version)
        return seeds.map { seed in
            var generator = SeededGenerator(seed: seed)
            schema.addsUnknownTags = false
            let plain = schema.randomBytes(using: &generator)
            generator = SeededGenerator(seed: seed)
            schema.addsUnknownTags = true
            return (plain, schema.randomBytes(using: &generator))
        }
    }
}

@Suite("Messages")
struct MessageTests {
    @Test("a message with every default comes back equal in every version", arguments: MessageVersion.all)
    func defaults(_ message: MessageVersion) throws {
        func check<Message: KafkaMessage>(_: Message.Type) throws {
            let bytes = Self.encode(Message(), message.version)
            let (decoded, isAtEnd) = try Self.decode(Message.self, bytes, message.version)
            #expect(decoded == Message() && isAtEnd)
        }
        try check(message.type)
    }

    @Test(
        "what Kafka's definition makes of random values is read and written back byte by byte",
        arguments: MessageVersion.all)
    func roundTrip(_ message: MessageVersion) throws {
        func check<Message: KafkaMessage>(_: Message.Type) throws {
            for sample in try message.samples(0..<12) {
                let (decoded, isAtEnd) = try Self.decode(Message.self, sample.plain, message.version)
                let value = Self.copyingRecords(of: decoded, from: sample.plain)
                #expect(isAtEnd)
                #expect(Self.encode(value, message.version) == sample.plain)
                let (extended, isExtendedAtEnd) = try Self.decode(Message.self, sample.withUnknownTags, message.version)
                #expect(isExtendedAtEnd)
                #expect(Self.copyingRecords(of: extended, from: sample.withUnknownTags) == value)
            }
        }
        try check(message.type)
    }

    @Test("a message cut anywhere is refused", arguments: MessageVersion.all)
    func cut(_ message: MessageVersion) throws {
        func check<Message: KafkaMessage>(_: Message.Type) throws {
            for sample in try message.samples(20..<22) {
                for count in 0..<min(sample.plain.count, 400) {
                    let part = Array(sample.plain[..<count])
                    #expect(throws: DecodeError.self) { try Self.decode(Message.self, part, message.version) }
                }
            }
        }
        try check(message.type)
    }

    @Test("a flipped bit gives an error or a value that can be written", arguments: MessageVersion.all)
    func flip(_ message: MessageVersion) throws {
        func check<Message: KafkaMessage>(_: Message.Type) throws {
            for sample in try message.samples(30..<32) {
                for index in 0..<min(sample.plain.count, 200) {
                    var bytes = sample.withUnknownTags
                    bytes[index] ^= 1 << UInt8(index % 8)
                    guard let decoded = try? Self.decode(Message.self, bytes, message.version) else { continue }
                    let value = Self.copyingRecords(of: decoded.message, from: bytes)
                    let again = Self.encode(value, message.version)
                    #expect(again.count <= 2 * bytes.count + 64)
                }
            }
        }
        try check(message.type)
    }

    @Test("a version that the definition does not have is refused")
    func unknownVersion() {
        #expect(throws: DecodeError.self) { try Self.decode(FetchRequest.self, [UInt8](repeating: 0, count: 99), 3) }
        #expect(throws: DecodeError.self) { try Self.decode(FetchRequest.self, [UInt8](repeating: 0, count: 99), 19) }
    }

    @Test("an array that claims more elements than there are bytes is refused before memory is taken")
    func claimedCount() {
        // OffsetFetch 1: the group's id, then two billion topics; Metadata 9: the same as a compact length.
        let offsetFetch: [UInt8] = [0, 1, 0x67, 0x7F, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 500)
        #expect(throws: DecodeError.self) { try Self.decode(OffsetFetchRequest.self, offsetFetch, 1) }
        let metadata: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x07] + [UInt8](repeating: 0, count: 500)
        #expect(throws: DecodeError.self) { try Self.decode(MetadataRequest.self, metadata, 9) }
    }

    @Test("null and empty stay apart, and a null where none may be is refused")
    func nulls() throws {
        var metadata = MetadataRequest()
        metadata.topics = nil
        #expect(try Self.decode(MetadataRequest.self, Self.encode(metadata, 1), 1).message.topics == nil)
        // Version 0 has no null: it writes and reads an empty array.
        #expect(try Self.decode(MetadataRequest.self, Self.encode(metadata, 0), 0).message.topics == [])
        #expect(throws: DecodeError.self) { try Self.decode(MetadataRequest.self, [0xFF, 0xFF, 0xFF, 0xFF], 0) }
        metadata.topics = []
        #expect(try Self.decode(MetadataRequest.self, Self.encode(metadata, 1), 1).message.topics == [])
    }

    @Test("a text longer than the protocol's limit is cut between two characters")
    func longText() throws {
        var response = DescribeClusterResponse()
        response.errorMessage = String(repeating: "漢", count: 20_000)
        let decoded = try Self.decode(DescribeClusterResponse.self, Self.encode(response, 0), 0).message
        #expect(decoded.errorMessage == String(repeating: "漢", count: 32_767 / 3))
    }

    @Test("records that are elsewhere are noted where they belong", arguments: [4, 11, 12, 16] as [Int16])
    func splices(version: Int16) throws {
        var response = FetchResponse()
        var expected = FetchResponse()
        for (count, topic) in zip([3, 0, 200], ["a", "b", "c"]) {
            var entry = FetchResponse.FetchableTopicResponse()
            if version < 13 { entry.topic = topic }
            var partition = FetchResponse.PartitionData()
            partition.records = .external(byteCount: count)
            entry.partitions = [partition]
            response.responses.append(entry)
            entry.partitions[0].records = .bytes([UInt8](repeating: UInt8(count), count: count))
            expected.responses.append(entry)
        }
        var output = ByteBuffer()
        output.append([9, 9, 9, 9])
        var splices: [RecordsSplice] = []
        response.encode(into: &output, version: version, splices: &splices)
        #expect(splices.map(\.byteCount) == [3, 0, 200])
        let encoded = output.array()
        var whole: [UInt8] = []
        var at = 0
        for splice in splices {
            whole +=
                encoded[at..<splice.position] + [UInt8](repeating: UInt8(splice.byteCount), count: splice.byteCount)
            at = splice.position
        }
        whole += encoded[at...]
        #expect(whole == [9, 9, 9, 9] + Self.encode(expected, version))
    }

    static func encode<Message: KafkaMessage>(_ message: Message, _ version: Int16) -> [UInt8] {
        var output = ByteBuffer()
        message.encode(into: &output, version: version)
        return output.array()
    }

    static func decode<Message: KafkaMessage>(
        _: Message.Type, _ bytes: [UInt8], _ version: Int16
    ) throws(DecodeError) -> (message: Message, isAtEnd: Bool) {
        var reader = ByteReader(bytes.span)
        let message = try Message(decoding: &reader, version: version)
        return (message, reader.isAtEnd)
    }

    /// The message with its records copied out of the bytes it was read from, so that it can be written and compared.
    static func copyingRecords<Message: KafkaMessage>(of message: Message, from bytes: [UInt8]) -> Message {
        func copy(_ field: inout RecordsField) {
            if let range = field.range { field = .bytes(Array(bytes[range])) }
        }
        if var request = message as? ProduceRequest {
            for topic in request.topicData.indices {
                for partition in request.topicData[topic].partitionData.indices {
                    copy(&request.topicData[topic].partitionData[partition].records)
                }
            }
            return request as? Message ?? message
        }
        if var response = message as? FetchResponse {
            for topic in response.responses.indices {
                for partition in response.responses[topic].partitions.indices {
                    copy(&response.responses[topic].partitions[partition].records)
                }
            }
            return response as? Message ?? message
        }
        return message
    }
}
