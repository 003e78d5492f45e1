public import ChangeModel

/// A pgoutput message that carries no row. Times are microseconds since 1970.
public enum ControlMessage: Sendable, Equatable {
    case begin(Begin)
    case commit(Commit)
    /// The transaction came from another server; `lsn` is its commit there.
    case origin(lsn: LSN, name: String)
    case relation(Relation, transactionID: UInt32)
    case type(oid: UInt32, schema: String, name: String, transactionID: UInt32)
    case truncate(Truncate)
    case logical(LogicalMessage)

    // Transactions in progress, from protocol version 2 on.
    case streamStart(transactionID: UInt32, isFirst: Bool)
    case streamStop
    case streamCommit(transactionID: UInt32, Commit)
    /// `subtransactionID` equals `transactionID` when all of it was rolled back.
    case streamAbort(transactionID: UInt32, subtransactionID: UInt32)

    // Two-phase commit, from protocol version 3 on.
    case beginPrepare(Prepare)
    case prepare(Prepare)
    case streamPrepare(Prepare)
    case commitPrepared(Prepare)
    case rollbackPrepared(Prepare)

    public struct Begin: Sendable, Equatable {
        /// Where the commit record starts.
        public var commitLSN: LSN
        public var timestampMicros: Int64
        public var transactionID: UInt32
        public init(commitLSN: LSN, timestampMicros: Int64, transactionID: UInt32) {
            self.commitLSN = commitLSN
            self.timestampMicros = timestampMicros
            self.transactionID = transactionID
        }
    }

    public struct Commit: Sendable, Equatable {
        /// Where the commit record starts.
        public var commitLSN: LSN
        /// Where it ends: the position to confirm once the transaction is safe.
        public var endLSN: LSN
        public var timestampMicros: Int64
        public init(commitLSN: LSN, endLSN: LSN, timestampMicros: Int64) {
            self.commitLSN = commitLSN
            self.endLSN = endLSN
            self.timestampMicros = timestampMicros
        }
    }

    public struct Truncate: Sendable, Equatable {
        public var relationOIDs: [UInt32]
        public var cascades: Bool
        public var restartsIdentity: Bool
        public var transactionID: UInt32
        public init(relationOIDs: [UInt32], cascades: Bool, restartsIdentity: Bool, transactionID: UInt32) {
            self.relationOIDs = relationOIDs
            self.cascades = cascades
            self.restartsIdentity = restartsIdentity
            self.transactionID = transactionID
        }
    }

    /// `pg_logical_emit_message`; the ranges are of the message's bytes.
    public struct LogicalMessage: Sendable, Equatable {
        public var isTransactional: Bool
        public var lsn: LSN
        public var prefix: Range<Int>
        public var content: Range<Int>
        public var transactionID: UInt32
        public init(
            isTransactional: Bool, lsn: LSN, prefix: Range<Int>, content: Range<Int>, transactionID: UInt32
        ) {
            self.isTransactional = isTransactional
            self.lsn = lsn
            self.prefix = prefix
            self.content = content
            self.transactionID = transactionID
        }
    }

    public struct Prepare: Sendable, Equatable {
        /// Where the prepare, or the commit or rollback of the prepared transaction, starts.
        public var lsn: LSN
        public var endLSN: LSN
        public var timestampMicros: Int64
        public var transactionID: UInt32
        /// The global identifier that the user gave.
        public var identifier: String
        public init(lsn: LSN, endLSN: LSN, timestampMicros: Int64, transactionID: UInt32, identifier: String) {
            self.lsn = lsn
            self.endLSN = endLSN
            self.timestampMicros = timestampMicros
            self.transactionID = transactionID
            self.identifier = identifier
        }
    }
}
