import ByteCoding
import ChangeModel
import DebeziumFormat
import Foundation

extension CaptureState {
    /// The state as JSON.
    public func encoded() -> [UInt8] {
        var json = JSONObject()
        if let snapshot { json.add("snapshot", string: snapshot) }
        json.add("snapshot_completed", literal: isSnapshotCompleted ? "true" : "false")
        if let lsn { json.add("lsn", number: lsn.rawValue) }
        if let processedLSN { json.add("lsn_proc", number: processedLSN.rawValue) }
        if let commitLSN { json.add("lsn_commit", number: commitLSN.rawValue) }
        if let transactionID { json.add("txId", number: transactionID) }
        if let timestampMicros { json.add("ts_usec", number: timestampMicros) }
        if let messageType { json.add("messageType", string: messageType) }
        var own = JSONObject()
        own.add("version", number: 1)
        if let systemIdentifier { own.add("system_id", string: systemIdentifier) }
        if let timeline { own.add("timeline", number: timeline) }
        if let preparedLSN { own.add("prepared", number: preparedLSN.rawValue) }
        if let open { own.add("open", literal: open.json) }
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) { own.add(name, literal: value) }
        json.add("tailrace", literal: own.finished())
        return Array(json.finished().utf8)
    }

    /// Reads what ``encoded()`` wrote, and what Debezium stores: members of either that are not known are dropped, but
    /// for ours, which are kept in ``extensions``.
    /// - Throws: ``CaptureError`` `invalidState`.
    public init(decoding bytes: [UInt8]) throws(CaptureError) {
        func invalid(_ what: String) -> CaptureError {
            CaptureError(
                code: .invalidState, detail: "the stored state of the source \(what)",
                remedy: "Restore the log's data directory, or remove the source's state to begin with a new snapshot")
        }
        guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)), let json = value as? [String: Any]
        else { throw invalid("is not a JSON object") }
        self.init()
        func number(_ name: String, in object: [String: Any]) -> UInt64? {
            (object[name] as? NSNumber)?.uint64Value
        }
        lsn = number("lsn", in: json).map { LSN(rawValue: $0) }
        processedLSN = number("lsn_proc", in: json).map { LSN(rawValue: $0) } ?? lsn
        commitLSN = number("lsn_commit", in: json).map { LSN(rawValue: $0) }
        transactionID = number("txId", in: json).flatMap { UInt32(exactly: $0) }
        timestampMicros = (json["ts_usec"] as? NSNumber)?.int64Value
        messageType = json["messageType"] as? String
        // Debezium stores the phase as text, older versions a boolean.
        if let text = json["snapshot"] as? String {
            snapshot = text
        } else if (json["snapshot"] as? NSNumber)?.boolValue == true {
            snapshot = "INITIAL"
        }
        isSnapshotCompleted = (json["snapshot_completed"] as? NSNumber)?.boolValue ?? (snapshot == nil)
        guard let own = json["tailrace"] as? [String: Any] else { return }
        guard (number("version", in: own) ?? 1) == 1 else { throw invalid("was written by a newer version") }
        systemIdentifier = own["system_id"] as? String
        timeline = number("timeline", in: own).flatMap { UInt32(exactly: $0) }
        preparedLSN = number("prepared", in: own).map { LSN(rawValue: $0) }
        if let value = own["open"] {
            guard let object = value as? [String: Any], let open = OpenTransaction(json: object) else {
                throw invalid("has a malformed open transaction")
            }
            self.open = open
        }
        for (name, value) in own where !["version", "system_id", "timeline", "open", "prepared"].contains(name) {
            let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes]
            guard let data = try? JSONSerialization.data(withJSONObject: value, options: options) else {
                throw invalid("has a malformed member '\(name)'")
            }
            extensions[name] = String(decoding: data, as: UTF8.self)
        }
    }
}

extension CaptureState.OpenTransaction {
    fileprivate var json: String {
        var json = JSONObject()
        json.add("commit", number: commitLSN.rawValue)
        json.add("last", number: lastLSN.rawValue)
        json.add("count", number: countAtLastLSN)
        if let metadata {
            // An array: the order of the tables counts.
            let tables = metadata.tables.map { "[\(JSONObject.quoted($0.name)),\($0.eventCount)]" }
            var object = JSONObject()
            object.add("id", number: metadata.transactionID)
            object.add("events", number: metadata.eventCount)
            object.add("tables", literal: "[" + tables.joined(separator: ",") + "]")
            json.add("metadata", literal: object.finished())
        }
        return json.finished()
    }

    fileprivate init?(json: [String: Any]) {
        guard let commit = json["commit"] as? NSNumber, let last = json["last"] as? NSNumber,
            let count = (json["count"] as? NSNumber).flatMap({ UInt32(exactly: $0.uint64Value) })
        else { return nil }
        self.init(
            commitLSN: LSN(rawValue: commit.uint64Value), lastLSN: LSN(rawValue: last.uint64Value),
            countAtLastLSN: count)
        guard let value = json["metadata"] else { return }
        guard let object = value as? [String: Any],
            let id = (object["id"] as? NSNumber).flatMap({ UInt32(exactly: $0.uint64Value) }),
            let tables = object["tables"] as? [[Any]]
        else { return nil }
        let counts = tables.compactMap { entry -> TransactionState.TableCount? in
            guard entry.count == 2, let name = entry[0] as? String, let count = entry[1] as? NSNumber else {
                return nil
            }
            return TransactionState.TableCount(name: name, eventCount: count.uint64Value)
        }
        guard counts.count == tables.count else { return nil }
        metadata = TransactionState(
            transactionID: id, eventCount: (object["events"] as? NSNumber)?.uint64Value ?? 0, tables: counts)
    }
}

/// Writes one JSON object, member by member.
struct JSONObject {
    private var text = "{"

    mutating func add(_ name: String, literal: String) {
        if text.utf8.count > 1 { text += "," }
        text += Self.quoted(name) + ":" + literal
    }
    mutating func add(_ name: String, number: some BinaryInteger) { add(name, literal: String(number)) }
    mutating func add(_ name: String, string: String) { add(name, literal: Self.quoted(string)) }
    func finished() -> String { text + "}" }

    /// `text` as a JSON string.
    static func quoted(_ text: String) -> String {
        var buffer = ByteBuffer(capacity: text.utf8.count + 2)
        let bytes = Array(text.utf8)
        buffer.append(jsonString: bytes.span)
        return String(decoding: buffer.array(), as: UTF8.self)
    }
}
