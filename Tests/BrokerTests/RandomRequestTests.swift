import ByteCoding
import KafkaProtocol
import TailraceTesting
import Testing

@testable import Broker

@Suite("requests of chance")
struct RandomRequestTests {
    /// A frame for a served API and version whose body is noise: mostly the small numbers that lengths and counts are, so
    /// that a good part of them can be read.
    private func frame(of api: (key: Int16, version: Int16), using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = ByteBuffer()
        bytes.append(bigEndian: Int32(0))
        RequestHeader(apiKey: api.key, apiVersion: api.version, correlationId: 1, clientId: "chance").encode(
            into: &bytes)
        for _ in 0..<Int.random(in: 0...120, using: &generator) {
            let byte: UInt8
            switch Int.random(in: 0...9, using: &generator) {
            case 0...5: byte = 0
            case 6, 7: byte = UInt8.random(in: 1...4, using: &generator)
            case 8: byte = UInt8(ascii: "t")
            default: byte = [127, 128, 255].randomElement(using: &generator) ?? 255
            }
            bytes.append(byte)
        }
        bytes.replace(bigEndian: Int32(bytes.count - 4), at: 0)
        return bytes.array()
    }

    @Test("no body of any API in any version brings the broker down", arguments: 0..<8)
    func survives(seed: UInt64) async throws {
        try await RunningBroker.with { broker in
            var generator = SeededGenerator(seed: seed)
            let first = try await broker.connect()
            let served = try await first.ask(ApiVersionsRequest(), version: 0).apiKeys
            for _ in 0..<4 {
                for api in served {
                    let version = Int16.random(in: api.minVersion...api.maxVersion, using: &generator)
                    let stranger = try await broker.connect()
                    try await stranger.send(frame(of: (api.apiKey, version), using: &generator))
                    await stranger.close()
                }
            }
            #expect(try await first.ask(ApiVersionsRequest(), version: 0).errorCode == 0)
            await first.close()
        }
    }
}
