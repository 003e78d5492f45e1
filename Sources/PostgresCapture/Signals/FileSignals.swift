import Foundation
import Logging

/// The `file` channel: signals as lines of JSON (`{"id": …, "type": …, "data": {…}}`) in a file that is emptied when it
/// was read.
final class FileSignals {
    private let path: String
    private let interval: Duration
    private var next = ContinuousClock.now

    init(_ settings: SignalSettings) {
        path = settings.filePath
        interval = settings.pollInterval
    }

    /// The signals that have come since the last look; looks at most once per interval.
    func poll(_ logger: Logger) -> [Signal] {
        guard ContinuousClock.now >= next else { return [] }
        next = .now + interval
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty else { return [] }
        guard FileManager.default.isWritableFile(atPath: path), truncate(path, 0) == 0 else {
            logger.warning("the signal file cannot be emptied, so it is not read", metadata: ["file": "\(path)"])
            return []
        }
        return text.split(separator: "\n").compactMap { line in
            guard let signal = Self.parse(line) else {
                logger.warning("a line of the signal file is no signal", metadata: ["file": "\(path)"])
                return nil
            }
            return signal
        }
    }

    static func parse(_ line: some StringProtocol) -> Signal? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let type = object["type"] as? String
        else { return nil }
        var data = ""
        if let text = object["data"] as? String {
            data = text
        } else if let value = object["data"], let bytes = try? JSONSerialization.data(withJSONObject: value) {
            data = String(decoding: bytes, as: UTF8.self)
        }
        return Signal(id: object["id"] as? String ?? UUID().uuidString.lowercased(), type: type, data: data)
    }
}
