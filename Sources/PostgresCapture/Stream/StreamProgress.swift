import ChangeModel
import DebeziumFormat
import PGOutput

/// How far a change stream has come, exact at every message: the transaction under way, how much of it has passed, and
/// how much of it was in the log before a restart.
///
/// A position alone does not tell messages apart, since the rows of one COPY share it; so messages of the same position
/// are counted, and the server sends them again in the same order.
struct StreamProgress {
    /// What a transaction that begins is to a stream that was resumed.
    enum Beginning {
        case new
        /// A part of it is in the log; its counts stand as they were.
        case resumed(TransactionState?)
        /// All of it is in the log.
        case done
    }

    private enum Skip: Equatable {
        case nothing
        case everything
        /// Everything up to the message number `count` at `lsn`.
        case through(LSN, count: UInt32)
    }

    /// The transaction under way.
    private(set) var transaction: ControlMessage.Begin?
    /// The last message that passed; see ``CaptureState/OpenTransaction``.
    private var lastLSN = LSN.invalid
    private var countAtLastLSN: UInt32 = 0
    private var skip = Skip.nothing

    /// Begins a transaction, which `state` says more of after a restart.
    mutating func begin(_ begin: ControlMessage.Begin, resuming state: inout CaptureState) -> Beginning {
        transaction = begin
        lastLSN = .invalid
        countAtLastLSN = 0
        if let open = state.open, open.commitLSN == begin.commitLSN {
            skip = .through(open.lastLSN, count: open.countAtLastLSN)
            lastLSN = open.lastLSN
            return .resumed(open.metadata)
        }
        state.open = nil
        if let processed = state.processedLSN, begin.commitLSN < processed {
            skip = .everything
            return .done
        }
        skip = .nothing
        return .new
    }

    /// Ends the transaction under way.
    /// - Returns: its beginning, and whether all of it was in the log already; nil when none is under way.
    mutating func end() -> (begin: ControlMessage.Begin, isDone: Bool)? {
        guard let begin = transaction else { return nil }
        let isDone = skip == .everything
        transaction = nil
        skip = .nothing
        return (begin, isDone)
    }

    /// Counts a message of the transaction under way.
    /// - Returns: false when it is in the log already.
    mutating func passes(_ start: LSN) -> Bool {
        if case .everything = skip { return false }
        if case .through(let lsn, let count) = skip {
            if start < lsn { return false }
            if start == lsn {
                countAtLastLSN &+= 1
                if countAtLastLSN == count { skip = .nothing }
                return false
            }
            // The server sends the same messages again; a later position means that all of them have passed.
            skip = .nothing
        }
        if start == lastLSN {
            countAtLastLSN &+= 1
        } else {
            lastLSN = start
            countAtLastLSN = 1
        }
        return true
    }

    /// What a restart has to know of the transaction under way; nil where there is nothing.
    func open(metadata: TransactionState?) -> CaptureState.OpenTransaction? {
        guard let transaction else { return nil }
        switch skip {
        case .everything: return nil
        case .nothing:
            return CaptureState.OpenTransaction(
                commitLSN: transaction.commitLSN, lastLSN: lastLSN, countAtLastLSN: countAtLastLSN, metadata: metadata)
        case .through(let lsn, let count):
            // Nothing new since the restart: what was skipped stays what is done.
            return CaptureState.OpenTransaction(
                commitLSN: transaction.commitLSN, lastLSN: lsn, countAtLastLSN: count, metadata: metadata)
        }
    }
}
