internal import CRdkafka
internal import Logging
internal import Synchronization

/// What librdkafka's callbacks reach: the logger, the last error, and a producer's deliveries.
///
/// librdkafka calls from threads of its own.
final class ClientContext: Sendable {
    let logger: Logger
    let deliveries = DeliveryGate()
    private let lastError = Mutex<KafkaError?>(nil)

    init(logger: Logger) { self.logger = logger }

    /// Puts the newest error that the library reported, usually why no broker can be reached, behind a time-out.
    func explain(_ error: KafkaError) -> KafkaError {
        guard [.timedOut, .transport, .allBrokersDown].contains(error.code),
            let reason = lastError.withLock({ $0 }), reason.detail != error.detail
        else { return error }
        return KafkaError(
            code: reason.code == .authentication ? .authentication : error.code,
            detail: "\(error.detail); \(reason.detail)", isFatal: error.isFatal, isRetriable: error.isRetriable,
            requiresAbort: error.requiresAbort)
    }

    /// The newest error while no broker could be reached or the login failed.
    var connectionError: KafkaError? {
        lastError.withLock { $0 }
    }

    private func note(_ error: KafkaError) {
        // That no broker is left says less than why the last one could not be reached.
        lastError.withLock { if error.code != .allBrokersDown || $0 == nil { $0 = error } }
    }

    private static func from(_ opaque: UnsafeMutableRawPointer?) -> ClientContext? {
        opaque.map { Unmanaged<ClientContext>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Registers the callbacks; `configuration` keeps a reference that ``release(_:)`` gives back.
    func register(in configuration: OpaquePointer, isProducer: Bool) {
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passRetained(self).toOpaque())
        rd_kafka_conf_set_log_cb(configuration) { client, level, facility, text in
            guard let client, let text, let context = ClientContext.from(rd_kafka_opaque(client)) else { return }
            context.logger.log(
                level: ClientContext.level(level), "librdkafka",
                metadata: [
                    "kafka.facility": "\(facility.map { String(cString: $0) } ?? "")",
                    "kafka.message": "\(String(cString: text))",
                ])
        }
        rd_kafka_conf_set_error_cb(configuration) { _, code, reason, opaque in
            guard let context = ClientContext.from(opaque),
                let error = KafkaError(rd_kafka_resp_err_t(rawValue: code), detail: reason)
            else { return }
            context.note(error)
        }
        if isProducer {
            rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
                guard let message, let context = ClientContext.from(opaque) else { return }
                InFlightBatch.complete(message)
                context.deliveries.open()
            }
        }
    }

    /// Gives back the reference that ``register(in:isProducer:)`` took; the client must be gone.
    static func release(_ context: ClientContext) {
        Unmanaged.passUnretained(context).release()
    }

    /// syslog's severities. Libraries stay at debug and below but for what an operator must know.
    private static func level(_ severity: Int32) -> Logger.Level {
        switch severity {
        case ...3: .warning
        case 4: .notice
        case 5, 6: .debug
        default: .trace
        }
    }
}
