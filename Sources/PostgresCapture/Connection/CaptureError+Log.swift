import DebeziumFormat
import RecordTransport

extension CaptureError {
    /// What a failure of the log means for the source.
    init(log error: TransportError) {
        self.init(code: .log, detail: "\(error)", remedy: Self.remedy(for: error.code))
        isLogRetryable = error.code == .diskFull || error.code == .inputOutput
    }

    /// What it means that a table could not be defined: mostly that its topic could not be had.
    init(defining error: EncodeError) {
        guard error.code == .topic else {
            self.init(encoding: error)
            return
        }
        self.init(code: .log, detail: "\(error)")
        // The encoder passes the log's reason on as text, which begins with its code.
        isLogRetryable = [TransportError.Code.diskFull, .inputOutput].contains { error.detail.contains($0.rawValue) }
    }

    private static func remedy(for code: TransportError.Code) -> String {
        switch code {
        case .diskFull: "Make room on the log's disk; capture resumes by itself"
        case .recordTooLarge: "Raise the topic's max.message.bytes"
        default: ""
        }
    }
}
