import Foundation

/// Blocking snapshots that were asked for and are not complete, as the state keeps them.
enum BlockingRequests {
    static let extensionName = "blocking"

    static func stored(in state: CaptureState) throws(CaptureError) -> [SnapshotRequest] {
        guard let json = state.extensions[extensionName] else { return [] }
        guard let requests = try? JSONDecoder().decode([SnapshotRequest].self, from: Data(json.utf8)) else {
            throw CaptureError(
                code: .invalidState, detail: "the stored state of the source has malformed snapshot requests")
        }
        return requests
    }

    /// nil when there is none.
    static func json(_ requests: [SnapshotRequest]) -> String? {
        guard !requests.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(requests)).map { String(decoding: $0, as: UTF8.self) }
    }
}
