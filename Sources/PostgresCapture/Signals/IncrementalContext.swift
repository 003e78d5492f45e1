import ChangeModel
import Foundation

/// How far the incremental snapshots have come: what a restart goes on from. Keys are in their text form.
///
/// Only what was sent counts. A chunk whose rows were read and not yet sent is read again after a restart, under new
/// watermarks; the old ones then mean nothing.
struct IncrementalContext: Codable, Equatable, Sendable {
    struct Collection: Codable, Equatable, Sendable {
        var schema: String
        var table: String
        var condition: String?
        var surrogateKey: String?
        var id: TableID { TableID(schema: schema, table: table) }
    }

    /// What is left, the present one first.
    var collections: [Collection] = []
    /// The id of the signal that began it all.
    var correlationID: String?
    /// The key of the last row sent of the present table; nil before the first.
    var lastSentKey: [String?]?
    /// The largest key when the present table was begun.
    var maximumKey: [String?]?
    /// How many rows of the present table were read and sent.
    var sentRowCount = 0
    var isPaused = false

    var current: Collection? { collections.first }
    var isRunning: Bool { !collections.isEmpty }
    var names: String { collections.map(\.id.description).joined(separator: ",") }

    /// Goes on to the next table.
    mutating func advance() {
        if !collections.isEmpty { collections.removeFirst() }
        lastSentKey = nil
        maximumKey = nil
        sentRowCount = 0
    }

    /// Takes a table that is not the present one out.
    /// - Returns: false when it is not in the list.
    mutating func remove(_ table: TableID) -> Bool {
        let count = collections.count
        collections.removeAll { $0.id == table }
        return collections.count < count
    }

    static let extensionName = "incremental"

    init() {}

    /// The context that a state holds; an empty one when it holds none.
    init(storedIn state: CaptureState) throws(CaptureError) {
        guard let json = state.extensions[Self.extensionName] else { return }
        guard let stored = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
            throw CaptureError(
                code: .invalidState, detail: "the stored state of the source has a malformed incremental snapshot")
        }
        self = stored
    }

    /// The context as the state keeps it; nil when nothing is under way.
    func json() -> String? {
        guard isRunning || isPaused else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }
}
