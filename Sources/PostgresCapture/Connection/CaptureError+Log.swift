import RecordTransport

extension CaptureError {
    /// What a failure of the log means for the source.
    init(log error: TransportError) {
        self.init(code: .log, detail: "\(error)", remedy: Self.remedy(for: error.code))
        isLogRetryable = error.code == .diskFull || error.code == .inputOutput
    }

    private static func remedy(for code: TransportError.Code) -> String {
        switch code {
        case .diskFull: "Make room on the log's disk; capture resumes by itself"
        case .recordTooLarge: "Raise the topic's max.message.bytes"
        default: ""
        }
    }
}
