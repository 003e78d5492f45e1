internal import CRdkafka
internal import Dispatch
internal import Logging

/// A librdkafka client and the thread on which its blocking calls run, one at a time.
///
/// librdkafka's handle may be used from any thread; it is destroyed with the last reference.
final class ClientHandle: @unchecked Sendable {
    enum Kind { case producer, consumer }

    /// `rd_kafka_t`. Valid as long as the handle.
    let pointer: OpaquePointer
    let context: ClientContext
    private let queue: DispatchQueue

    /// - Throws: ``KafkaError`` with librdkafka's words for a property that it refuses.
    init(_ kind: Kind, properties: ClientProperties, logger: Logger) throws(KafkaError) {
        context = ClientContext(logger: logger)
        queue = DispatchQueue(label: "librdkafka")
        let configuration = try properties.makeConfiguration()
        context.register(in: configuration, isProducer: kind == .producer)
        var reason = [CChar](repeating: 0, count: 512)
        let type = kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
        guard let client = rd_kafka_new(type, configuration, &reason, reason.count) else {
            rd_kafka_conf_destroy(configuration)
            ClientContext.release(context)
            let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw KafkaError(code: .invalidArgument, detail: text)
        }
        pointer = client
        if kind == .consumer { rd_kafka_poll_set_consumer(client) }
    }

    deinit {
        // A consumer that was to leave its group has been closed before; waiting for the group here could take long.
        rd_kafka_destroy_flags(pointer, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
        ClientContext.release(context)
    }

    /// Runs a call that blocks, after those that were asked for before it.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (ClientHandle) -> Result<Value, KafkaError>
    ) async throws(KafkaError) -> Value {
        let result = await withCheckedContinuation { continuation in
            queue.async { [self] in continuation.resume(returning: body(self)) }
        }
        switch result {
        case .success(let value): return value
        case .failure(let error):
            // The reasons why no broker is reached wait in the client's own queue.
            rd_kafka_poll(pointer, 0)
            throw context.explain(error)
        }
    }

    /// The client's fatal error, if it has one.
    var fatalError: KafkaError? {
        var reason = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(pointer, &reason, reason.count)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return KafkaError(
            code: KafkaErrorCode(rawValue: code.rawValue), detail: text, isFatal: true, isRetriable: false)
    }
}

extension Duration {
    /// Whole milliseconds, as librdkafka counts time-outs; at most its largest.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(
            clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue
                + attoseconds / 1_000_000_000_000_000)
    }
}

extension Result where Failure == KafkaError {
    /// A closure's typed error as a result.
    init(running body: () throws(KafkaError) -> Success) {
        do { self = .success(try body()) } catch { self = .failure(error) }
    }
}
