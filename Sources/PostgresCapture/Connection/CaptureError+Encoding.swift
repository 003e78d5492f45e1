import ChangeModel
import DebeziumFormat

extension CaptureError {
    /// What it means that a change could not become an event.
    /// - Parameter lsn: where the change is, where it has a place in the stream.
    init(encoding error: EncodeError, at lsn: LSN? = nil) {
        if let registration = error.registration {
            self.init(
                code: registration.code == .unavailable ? .registryUnavailable : .registryRefused, detail: "\(error)",
                remedy: "The position stays before the first change of this layout")
            return
        }
        guard let lsn else {
            self.init(code: .encoding, detail: "\(error)")
            return
        }
        self.init(
            code: .encoding, detail: "the change at \(lsn) cannot become an event: \(error)",
            remedy: "The position stays before this change; exclude the column or the table to go on")
    }
}
