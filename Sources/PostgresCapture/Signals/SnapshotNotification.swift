import ChangeModel
import DebeziumFormat
import Foundation
import Logging

/// A notification about a snapshot, in the form that Debezium gives it.
struct SnapshotNotification {
    enum Aggregate: String {
        case initial = "Initial Snapshot"
        case incremental = "Incremental Snapshot"
    }

    let aggregate: Aggregate
    let type: String
    /// The signal's id, or a new one.
    let id: String
    /// In the order in which the event shows it: that of a Java map.
    let data: [(String, String)]

    init(_ aggregate: Aggregate, _ type: String, id: String? = nil, connector: String, _ data: [(String, String)] = [])
    {
        self.aggregate = aggregate
        self.type = type
        self.id = id ?? UUID().uuidString.lowercased()
        let all = data + [("connector_name", connector)]
        self.data = JavaHashMapOrder.indices(of: all.map(\.0), copiedCount: data.count).map { all[$0] }
    }
}

extension SnapshotNotification {
    /// Sends the notification to the channels that are enabled.
    func send<Sink: RecordSink & ~Copyable>(
        _ settings: NotificationSettings, _ logger: Logger, _ encoder: inout ChangeEncoder, _ sink: inout Sink
    ) throws(CaptureError) {
        if settings.channels.contains(.log) {
            var metadata: Logger.Metadata = ["id": "\(id)", "type": "\(type)"]
            for (name, value) in data { metadata[name] = "\(value)" }
            logger.notice("\(aggregate.rawValue)", metadata: metadata)
        }
        guard settings.channels.contains(.sink) else { return }
        do throws(EncodeError) {
            _ = try encoder.encodeNotification(
                id: id, type: type, aggregateType: aggregate.rawValue, additionalData: data, into: &sink)
        } catch {
            throw CaptureError(encoding: error)
        }
    }
}
