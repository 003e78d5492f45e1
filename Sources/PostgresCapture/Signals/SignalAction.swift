import Foundation

/// What a ``Signal`` asks for.
enum SignalAction: Equatable {
    case execute(SnapshotRequest)
    /// Tables by Debezium's expressions; none means all.
    case stop([String])
    case pause
    case resume
    case openWindow
    case closeWindow
    case log(String)
    /// Not understood; the reason names no data.
    case ignored(String)

    static let openWindowType = "snapshot-window-open"
    static let closeWindowType = "snapshot-window-close"

    init(_ signal: Signal) {
        switch signal.type {
        case Self.openWindowType: self = .openWindow
        case Self.closeWindowType: self = .closeWindow
        case "log": self = Self.parsing(signal) { .log($0["message"] as? String ?? "") }
        case "execute-snapshot":
            self = Self.parsing(signal) { data in
                guard let request = SnapshotRequest(data) else {
                    return .ignored("its data names no data-collections, or an unknown type")
                }
                return .execute(request)
            }
        case "stop-snapshot":
            self = Self.parsing(signal) { data in
                Self.isIncremental(data)
                    ? .stop(Self.texts(data["data-collections"]))
                    : .ignored("only incremental snapshots can be stopped")
            }
        case "pause-snapshot":
            self = Self.parsing(signal) {
                Self.isIncremental($0) ? .pause : .ignored("only incremental snapshots can be paused")
            }
        case "resume-snapshot":
            self = Self.parsing(signal) {
                Self.isIncremental($0) ? .resume : .ignored("only incremental snapshots can be resumed")
            }
        default: self = .ignored("its type is not known")
        }
    }

    private static func parsing(_ signal: Signal, _ body: ([String: Any]) -> SignalAction) -> SignalAction {
        let text = signal.data.isEmpty ? "{}" : signal.data
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            return .ignored("its data is not a JSON object")
        }
        return body(object)
    }

    private static func isIncremental(_ data: [String: Any]) -> Bool {
        guard let type = data["type"] as? String else { return true }
        return type.trimmingCharacters(in: .whitespaces).lowercased() == "incremental"
    }

    static func texts(_ value: Any?) -> [String] {
        ((value as? [Any]) ?? []).compactMap { ($0 as? String)?.trimmingCharacters(in: .whitespaces) }
    }
}
