import ByteCoding
import Foundation
import KafkaProtocol
import Testing

/// A frame that a real client or broker sent.
struct CapturedFrame: Sendable, CustomTestStringConvertible {
    let isRequest: Bool
    let apiKey: Int16
    let version: Int16
    let bytes: [UInt8]
    var testDescription: String { "\(isRequest ? "request" : "response") \(apiKey) version \(version)" }

    static let all: [CapturedFrame] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Golden/frames.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 4, let key = Int16(words[1]), let version = Int16(words[2]) else { return nil }
            return CapturedFrame(
                isRequest: words[0] == "request", apiKey: key, version: version, bytes: hexadecimal(words[3]))
        }
    }()

    static func first(_ word: String, _ key: Int16, _ version: Int16) -> CapturedFrame? {
        all.first { $0.isRequest == (word == "request") && $0.apiKey == key && $0.version == version }
    }
}

@Suite("Frames of real clients and brokers")
struct FrameTests {
    @Test("a captured frame is read to its end and written back byte by byte", arguments: CapturedFrame.all)
    func roundTrip(_ frame: CapturedFrame) throws {
        let request = try #require(MessageCatalog.requests.first { $0.apiKey == frame.apiKey })
        func check<Request: KafkaRequest>(_: Request.Type) throws {
            let written =
                frame.isRequest ? try Self.rewrite(Request.self, frame) : try Self.rewrite(Request.Response.self, frame)
            #expect(written == frame.bytes)
        }
        try check(request)
    }

    @Test("the captured frames are there")
    func count() { #expect(CapturedFrame.all.count == 47) }

    @Test("a header says who asks for what, flexible or not")
    func requestHeader() throws {
        // librdkafka's ApiVersions 3 has the header with tagged fields, its Produce 7 the one without.
        for (key, version) in [(18, 3), (0, 7)] as [(Int16, Int16)] {
            let frame = try #require(CapturedFrame.first("request", key, version))
            var reader = ByteReader(frame.bytes.span)
            let header = try RequestHeader(decoding: &reader)
            #expect(header.apiKey == key && header.apiVersion == version && header.clientId == "rdkafka")
        }
        #expect(RequestHeader.version(of: 18, apiVersion: 3) == 2 && RequestHeader.version(of: 18, apiVersion: 2) == 1)
        #expect(RequestHeader.version(of: 17, apiVersion: 1) == 1 && RequestHeader.version(of: 60, apiVersion: 0) == 2)
        #expect(ResponseHeader.version(of: 18, apiVersion: 4) == 0 && ResponseHeader.version(of: 3, apiVersion: 9) == 1)
        #expect(ResponseHeader.version(of: 3, apiVersion: 8) == 0)
    }

    @Test("a header cut anywhere is refused, and one of an unknown API is read")
    func headerBytes() throws {
        var output = ByteBuffer()
        RequestHeader(apiKey: 3, apiVersion: 12, correlationId: 7, clientId: "me").encode(into: &output)
        let bytes = output.array()
        #expect(bytes == [0, 3, 0, 12, 0, 0, 0, 7, 0, 2, 0x6D, 0x65, 0])
        for count in bytes.indices {
            let part = Array(bytes[..<count])
            #expect(throws: DecodeError.self) { try Self.header(of: part) }
        }
        #expect(try Self.header(of: [3, 0xE7, 0, 1, 0, 0, 0, 9, 0xFF, 0xFF]).correlationId == 9)
    }

    @Test("what a captured produce request and fetch response hold is found")
    func content() throws {
        let produce = try #require(CapturedFrame.first("request", 0, 7))
        var reader = ByteReader(produce.bytes.span)
        _ = try RequestHeader(decoding: &reader)
        let request = try ProduceRequest(decoding: &reader, version: 7)
        let partition = try #require(request.topicData.first?.partitionData.first)
        #expect(request.acks == -1 && request.topicData.first?.name == "orders" && partition.index == 0)
        let range = try #require(partition.records.range)
        let records = Array(produce.bytes[range])
        #expect(try RecordBatchHeader.validate(records.span).recordCount == 2)
        let fetch = try #require(CapturedFrame.first("response", 1, 11))
        reader = ByteReader(fetch.bytes.span)
        _ = try ResponseHeader(decoding: &reader, apiKey: 1, apiVersion: 11)
        let response = try FetchResponse(decoding: &reader, version: 11)
        #expect(response.responses.first?.topic == "orders")
    }

    private static func header(of bytes: [UInt8]) throws(DecodeError) -> RequestHeader {
        var reader = ByteReader(bytes.span)
        return try RequestHeader(decoding: &reader)
    }

    private static func rewrite<Message: KafkaMessage>(_: Message.Type, _ frame: CapturedFrame) throws -> [UInt8] {
        var reader = ByteReader(frame.bytes.span)
        var output = ByteBuffer()
        if frame.isRequest {
            try RequestHeader(decoding: &reader).encode(into: &output)
        } else {
            try ResponseHeader(decoding: &reader, apiKey: frame.apiKey, apiVersion: frame.version)
                .encode(into: &output, apiKey: frame.apiKey, apiVersion: frame.version)
        }
        let message = try Message(decoding: &reader, version: frame.version)
        MessageTests.copyingRecords(of: message, from: frame.bytes).encode(into: &output, version: frame.version)
        let isAtEnd = reader.isAtEnd
        #expect(isAtEnd)
        return output.array()
    }
}
