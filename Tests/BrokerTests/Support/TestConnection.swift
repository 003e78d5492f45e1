import ByteCoding
import KafkaProtocol
import NIOCore
import NIOPosix
import Testing

@testable import Broker

/// A client's end of a connection: bytes out, frames in.
final class TestConnection: Sendable {
    struct Closed: Error {}

    private let channel: any Channel
    private let frames: Frames

    /// Where answers gather for whoever asks.
    private actor Frames {
        private var ready: [[UInt8]] = []
        private var waiters: [CheckedContinuation<[UInt8]?, Never>] = []
        private var isClosed = false

        func put(_ frame: [UInt8]) {
            if waiters.isEmpty { ready.append(frame) } else { waiters.removeFirst().resume(returning: frame) }
        }

        func close() {
            isClosed = true
            for waiter in waiters { waiter.resume(returning: nil) }
            waiters.removeAll()
        }

        func next() async -> [UInt8]? {
            if !ready.isEmpty { return ready.removeFirst() }
            if isClosed { return nil }
            return await withCheckedContinuation { waiters.append($0) }
        }
    }

    private final class Handler: ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = NIOCore.ByteBuffer
        private var bytes = NIOCore.ByteBuffer()
        private let events: AsyncStream<[UInt8]>.Continuation

        init(_ events: AsyncStream<[UInt8]>.Continuation) { self.events = events }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var read = unwrapInboundIn(data)
            bytes.writeBuffer(&read)
            while let size = bytes.getInteger(at: bytes.readerIndex, as: Int32.self),
                bytes.readableBytes >= 4 + Int(size)
            {
                bytes.moveReaderIndex(forwardBy: 4)
                events.yield(bytes.readBytes(length: Int(size)) ?? [])
            }
        }

        func channelInactive(context: ChannelHandlerContext) { events.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private init(channel: any Channel, frames: Frames) {
        self.channel = channel
        self.frames = frames
    }

    static func connect(to endpoint: Endpoint) async throws -> TestConnection {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(continuation))
                }
            }
            .connect(host: endpoint.host, port: endpoint.port).get()
        let frames = Frames()
        // Ends with the connection, which each test closes or the broker does.
        Task {
            for await frame in stream { await frames.put(frame) }
            await frames.close()
        }
        return TestConnection(channel: channel, frames: frames)
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(NIOCore.ByteBuffer(bytes: bytes))
    }

    func close() async { try? await channel.close() }

    /// The next frame without its size; nil when the broker has closed the connection.
    func receive() async -> [UInt8]? { await frames.next() }

    /// A request as it goes over the wire.
    static func frame<Request: KafkaRequest>(_ request: Request, version: Int16, correlationID: Int32 = 1) -> [UInt8] {
        var output = ByteCoding.ByteBuffer()
        output.append(bigEndian: Int32(0))
        RequestHeader(apiKey: Request.apiKey, apiVersion: version, correlationId: correlationID, clientId: "test")
            .encode(into: &output)
        request.encode(into: &output, version: version)
        output.replace(bigEndian: Int32(output.count - 4), at: 0)
        return output.array()
    }

    /// Reads an answer to such a request.
    static func decode<Response: KafkaResponse>(
        _: Response.Type, _ frame: [UInt8], version: Int16, correlationID: Int32 = 1
    ) throws -> Response {
        var reader = ByteReader(frame.span)
        let header = try ResponseHeader(decoding: &reader, apiKey: Response.apiKey, apiVersion: version)
        #expect(header.correlationId == correlationID)
        return try Response(decoding: &reader, version: version)
    }

    /// Sends a request and waits for its answer.
    func ask<Request: KafkaRequest>(
        _ request: Request, version: Int16, correlationID: Int32 = 1
    ) async throws -> Request.Response {
        try await send(Self.frame(request, version: version, correlationID: correlationID))
        guard let frame = await receive() else { throw Closed() }
        return try Self.decode(Request.Response.self, frame, version: version, correlationID: correlationID)
    }
}
