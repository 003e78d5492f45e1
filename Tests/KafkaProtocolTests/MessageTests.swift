import ByteCoding
import KafkaProtocol
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
}

@Suite("Messages")
struct MessageTests {
    @Test("a message with every default comes back equal in every version", arguments: MessageVersion.all)
    func defaults(_ message: MessageVersion) throws {
        func check<Message: KafkaMessage>(_: Message.Type) throws {
            var output = ByteBuffer()
            Message().encode(into: &output, version: message.version)
            let (decoded, isAtEnd) = try Self.decode(Message.self, output.array(), message.version)
            #expect(decoded == Message() && isAtEnd)
        }
        try check(message.type)
    }

    static func decode<Message: KafkaMessage>(
        _: Message.Type, _ bytes: [UInt8], _ version: Int16
    ) throws(DecodeError) -> (message: Message, isAtEnd: Bool) {
        var reader = ByteReader(bytes.span)
        let message = try Message(decoding: &reader, version: version)
        return (message, reader.isAtEnd)
    }
}
