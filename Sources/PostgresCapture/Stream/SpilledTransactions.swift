import ByteCoding
import ChangeModel
import PGOutput

/// Transactions that the server sends before their end is known: those that it streams while they run, and those that
/// are prepared. Each waits in its own spool until its commit, which replays it, or its rollback, which drops it.
struct SpilledTransactions: ~Copyable {
    /// A spilled transaction on its way to the log.
    struct Replay: ~Copyable {
        var reader: TransactionSpool.Reader
        let begin: ControlMessage.Begin
        let commit: ControlMessage.Commit
        /// Where the commit's message starts.
        let commitStart: LSN
        let isStreamed: Bool
    }

    private struct Prepared {
        let spool: TransactionSpool
        let isStreamed: Bool
    }

    /// Where the messages of the present block go; nil outside of blocks.
    private(set) var open: TransactionSpool?
    private var running: [UInt32: TransactionSpool] = [:]
    private var prepared: [String: Prepared] = [:]
    private var replay: Replay?

    /// True for a message inside a block that is not kept for later: the block's end (Stream Stop, Prepare), and a
    /// relation of a transaction that is being prepared, since the server counts it as sent to all others too.
    func isForNow(_ message: Span<UInt8>) -> Bool {
        guard message.count > 0 else { return false }
        return switch message[0] {
        case UInt8(ascii: "E"), UInt8(ascii: "P"): true
        case UInt8(ascii: "R"): open?.prepareLSN != nil
        default: false
        }
    }

    var isReplaying: Bool {
        switch replay {
        case .none: false
        case .some: true
        }
    }

    /// Where the oldest transaction was prepared that still waits.
    var oldestPrepareLSN: LSN? { prepared.values.compactMap(\.spool.prepareLSN).min() }

    mutating func takeReplay() -> Replay {
        guard let taken = replay.take() else { preconditionFailure("no spilled transaction is being read back") }
        return taken
    }

    mutating func giveBack(_ replay: consuming Replay) { self.replay = consume replay }

    /// Handles a message about a transaction as a whole.
    mutating func handle(_ message: ControlMessage, at start: LSN) throws(CaptureError) {
        switch message {
        case .streamStart(let transactionID, _):
            let spool: TransactionSpool
            if let running = running[transactionID] { spool = running } else { spool = try TransactionSpool() }
            running[transactionID] = spool
            open = spool
        case .streamStop:
            open = nil
        case .streamAbort(let transactionID, let subtransactionID):
            if transactionID == subtransactionID {
                running[transactionID] = nil
            } else {
                running[transactionID]?.abortedTransactions.insert(subtransactionID)
            }
        case .streamCommit(let transactionID, let commit):
            // A transaction without a spool had nothing to send.
            guard let spool = running.removeValue(forKey: transactionID) else { return }
            try begin(spool, commit, transactionID, at: start, isStreamed: true)
        case .beginPrepare(let prepare):
            let spool = try TransactionSpool(prepareLSN: prepare.lsn)
            prepared[prepare.identifier] = Prepared(spool: spool, isStreamed: false)
            open = spool
        case .prepare:
            open = nil
        case .streamPrepare(let prepare):
            guard let spool = running.removeValue(forKey: prepare.transactionID) else { return }
            spool.prepareLSN = prepare.lsn
            prepared[prepare.identifier] = Prepared(spool: spool, isStreamed: true)
        case .commitPrepared(let commit):
            guard let waiting = prepared.removeValue(forKey: commit.identifier) else { return }
            try begin(
                waiting.spool,
                ControlMessage.Commit(
                    commitLSN: commit.lsn, endLSN: commit.endLSN, timestampMicros: commit.timestampMicros),
                commit.transactionID, at: start, isStreamed: waiting.isStreamed)
        case .rollbackPrepared(let rollback):
            prepared[rollback.identifier] = nil
        default:
            throw CaptureError(code: .protocolViolation, detail: "an unexpected message at \(start)")
        }
    }

    private mutating func begin(
        _ spool: TransactionSpool, _ commit: ControlMessage.Commit, _ transactionID: UInt32, at start: LSN,
        isStreamed: Bool
    ) throws(CaptureError) {
        replay = Replay(
            reader: try spool.makeReader(),
            begin: ControlMessage.Begin(
                commitLSN: commit.commitLSN, timestampMicros: commit.timestampMicros, transactionID: transactionID),
            commit: commit, commitStart: start, isStreamed: isStreamed)
    }
}
