import ChangeModel
import Foundation
import RecordTransport

/// A snapshot's way into the log: groups whose state carries the ledger.
struct SnapshotSession<Session: SourceSession>: SnapshotOutput, ~Copyable {
    private let session: Session
    private var writer: RecordGroupWriter
    private var state: CaptureState
    private let kind: SnapshotLedger.Kind

    /// - Parameter state: what the groups' state says but for the ledger.
    init(
        session: Session, writer: consuming RecordGroupWriter, state: CaptureState, kind: SnapshotLedger.Kind
    ) {
        self.session = session
        self.kind = kind
        self.writer = writer
        self.state = state
    }

    var pendingByteCount: Int { writer.byteCount }

    mutating func topic(named name: String) throws(TopicError) -> TopicHandle { try writer.topic(named: name) }

    mutating func append(
        to topic: TopicHandle, timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
        headers: Span<UInt8>
    ) {
        writer.append(
            to: topic, timestamp: timestamp, key: key, hasKey: hasKey, value: value, hasValue: hasValue,
            headers: headers)
    }

    mutating func handOver(_ ledger: SnapshotLedger) async throws(CaptureError) {
        state.extensions[kind.extensionName] = try ledger.json()
        state.snapshot = kind.rawValue
        guard kind == .initial else { return try await submit(state) }
        state.isSnapshotCompleted = false
        state.lsn = LSN(rawValue: ledger.lsn)
        state.processedLSN = LSN(rawValue: ledger.lsn)
        state.transactionID = ledger.transactionID
        state.timestampMicros = ledger.timestampMicros
        try await submit(state)
    }

    /// Hands over the last group, with the state that streaming begins from, and waits until the log has it.
    mutating func finish(_ state: CaptureState) async throws(CaptureError) {
        try await submit(state)
        do throws(TransportError) {
            try await session.flush()
        } catch {
            throw CaptureError(log: error)
        }
    }

    private mutating func submit(_ state: CaptureState) async throws(CaptureError) {
        do throws(TransportError) {
            let group = try writer.takeGroup(replacingWith: session.makeGroup())
            group.state = state.encoded()
            group.position = state.processedLSN ?? .invalid
            try await session.submit(group)
        } catch {
            throw CaptureError(log: error)
        }
    }
}

extension SnapshotLedger {
    /// Which snapshot it is, as the state's member `snapshot` says.
    enum Kind: String {
        /// The one that streaming follows.
        case initial = "INITIAL"
        /// One on demand, while the stream stands still.
        case blocking = "BLOCKING"

        /// The member of the state that holds the ledger.
        var extensionName: String { self == .initial ? "snapshot" : "blocking_snapshot" }
    }

    /// The ledger as the state keeps it.
    func json() throws(CaptureError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            throw CaptureError(code: .invalidState, detail: "the snapshot's ledger cannot be written")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// The ledger that a state holds; nil when no snapshot of this kind is under way.
    /// - Throws: `invalidState`
    static func stored(in state: CaptureState?, _ kind: Kind) throws(CaptureError) -> SnapshotLedger? {
        guard let json = state?.extensions[kind.extensionName] else { return nil }
        guard let ledger = try? JSONDecoder().decode(SnapshotLedger.self, from: Data(json.utf8)) else {
            throw CaptureError(
                code: .invalidState, detail: "the stored state of the source has a malformed snapshot ledger",
                remedy: "Remove the source's state to begin with a new snapshot")
        }
        return ledger
    }
}
