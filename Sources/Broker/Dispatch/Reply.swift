internal import ByteCoding
internal import CommitLog
internal import KafkaProtocol
internal import Logging
internal import NIOCore

/// Where a handler puts its answer. It is used exactly once.
struct Reply<Response: KafkaResponse>: Sendable {
    let context: RequestContext

    init(_ context: RequestContext) { self.context = context }

    /// Answers. `version` differs from the request's only where the protocol says so.
    func send(_ response: Response, version: Int16? = nil) {
        let (context, version) = (context, version ?? context.version)
        context.connection.complete(context) {
            var output = Self.open(context, version)
            response.encode(into: &output, version: version)
            output.replace(bigEndian: Int32(output.count - 4), at: 0)
            return OutboundReply(NIOCore.ByteBuffer(copying: output.span))
        }
    }

    /// Answers with `records` in place of the response's external records, in their order.
    func send(_ response: Response, records: [FetchedRecords]) {
        let context = context
        context.connection.complete(context) {
            var output = Self.open(context, context.version)
            var splices: [RecordsSplice] = []
            response.encode(into: &output, version: context.version, splices: &splices)
            do throws(StorageError) {
                return try RecordsAssembly.assemble(
                    &output, splices, records, usesFileRegions: !context.session.listener.security.usesTLS)
            } catch {
                context.broker.logger.error("records cannot be read", metadata: ["error": "\(error)"])
                context.connection.close("records cannot be read")
                return nil
            }
        }
    }

    /// The request gets no answer: a produce request with `acks` 0.
    func sendNothing() {
        context.connection.complete(context) { nil }
    }

    /// Ends the connection instead of answering.
    func close(_ reason: String) { context.connection.closeSoon(context, reason) }

    private static func open(_ context: RequestContext, _ version: Int16) -> ByteCoding.ByteBuffer {
        var output = ByteCoding.ByteBuffer(capacity: 512)
        output.append(bigEndian: Int32(0))
        ResponseHeader(correlationId: context.head.correlationID)
            .encode(into: &output, apiKey: context.head.apiKey, apiVersion: version)
        return output
    }
}

extension NIOCore.ByteBuffer {
    init(copying bytes: Span<UInt8>) {
        self = ByteBufferAllocator().buffer(capacity: bytes.count)
        writeSpan(bytes)
    }

    mutating func writeSpan(_ bytes: Span<UInt8>) {
        // SAFETY: the pointer is used within the call only.
        _ = unsafe bytes.withUnsafeBytes { source in unsafe writeBytes(source) }
    }
}
