import ChangeModel
import Foundation
import PostgresCapture
import Synchronization

/// The log of a snapshot test: what was handed over, group by group; can fail at a chosen hand-over.
struct CollectingOutput: SnapshotOutput, ~Copyable {
    struct Record: Sendable {
        var topic: String
        var key: String
        var value: String
    }
    private(set) var records: [Record] = []
    private(set) var ledger: SnapshotLedger?
    private(set) var handOverCount = 0
    private var open: [Record] = []
    private var topics: [String] = []
    private(set) var pendingByteCount = 0
    /// The hand-over with this number fails, with nothing of its group kept.
    var failsAtHandOver = Int.max

    mutating func topic(named name: String) throws(TopicError) -> TopicHandle {
        topics.append(name)
        return TopicHandle(rawValue: Int32(topics.count - 1))
    }

    mutating func append(
        to topic: TopicHandle, timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
        headers: Span<UInt8>
    ) {
        pendingByteCount += key.count + value.count
        open.append(
            Record(
                topic: topics[Int(topic.rawValue)], key: hasKey ? text(key) : "", value: hasValue ? text(value) : ""))
    }

    mutating func handOver(_ ledger: SnapshotLedger) async throws(CaptureError) {
        if handOverCount == failsAtHandOver {
            open.removeAll()
            pendingByteCount = 0
            throw CaptureError(code: .log, detail: "the test stops here")
        }
        handOverCount += 1
        records += open
        open.removeAll()
        pendingByteCount = 0
        self.ledger = ledger
    }

    private func text(_ bytes: Span<UInt8>) -> String {
        String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }

    /// `after.id` and `source.snapshot` of a record.
    static func facts(of record: Record) throws -> (id: Int, value: String, marker: String) {
        let json = try JSONSerialization.jsonObject(with: Data(record.value.utf8)) as? [String: Any] ?? [:]
        let body = json["payload"] as? [String: Any] ?? json
        let after = body["after"] as? [String: Any] ?? [:]
        let source = body["source"] as? [String: Any] ?? [:]
        return (after["id"] as? Int ?? -1, after["v"] as? String ?? "", source["snapshot"] as? String ?? "")
    }
}
