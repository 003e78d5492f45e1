internal import CRdkafka

/// What a cluster or librdkafka answered instead of doing what was asked.
public struct KafkaError: Error, Sendable, CustomStringConvertible {
    public let code: KafkaErrorCode
    /// What went wrong, with the names of settings, topics or groups; never values of secrets or records.
    public let detail: String
    /// The client cannot go on and must be replaced by a new one.
    public let isFatal: Bool
    /// The same call may succeed later.
    public let isRetriable: Bool
    /// The open transaction must be aborted before anything else.
    public let requiresAbort: Bool

    public init(
        code: KafkaErrorCode, detail: String, isFatal: Bool = false, isRetriable: Bool? = nil,
        requiresAbort: Bool = false
    ) {
        self.code = code
        self.detail = detail
        self.isFatal = isFatal
        self.isRetriable = isRetriable ?? code.isRetriable
        self.requiresAbort = requiresAbort
    }

    public var description: String { "\(detail) (\(code.name))" }

    /// With what was being done in front of the reason.
    func during(_ what: String) -> KafkaError {
        KafkaError(
            code: code, detail: "\(what): \(detail)", isFatal: isFatal, isRetriable: isRetriable,
            requiresAbort: requiresAbort)
    }

    /// nil for success.
    init?(_ code: rd_kafka_resp_err_t, detail: UnsafePointer<CChar>? = nil) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        let known = KafkaErrorCode(rawValue: code.rawValue)
        self.init(code: known, detail: detail.map { String(cString: $0) } ?? known.summary)
    }

    /// Takes the error over; nil for success.
    init?(consuming error: OpaquePointer?) {
        guard let error else { return nil }
        self.init(borrowing: error)
        rd_kafka_error_destroy(error)
    }

    /// Reads an error that stays its owner's.
    init(borrowing error: OpaquePointer) {
        self.init(
            code: KafkaErrorCode(rawValue: rd_kafka_error_code(error).rawValue),
            detail: String(cString: rd_kafka_error_string(error)),
            isFatal: rd_kafka_error_is_fatal(error) != 0, isRetriable: rd_kafka_error_is_retriable(error) != 0,
            requiresAbort: rd_kafka_error_txn_requires_abort(error) != 0)
    }
}
