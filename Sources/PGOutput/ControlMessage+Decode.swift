public import ByteCoding
import ChangeModel

extension ControlMessage {
    /// Decodes one message that carries no row; see ``RowDecoder`` for those that do.
    ///
    /// Source: PostgreSQL documentation, "Logical Replication Message Formats". Bytes after the last known field are
    /// accepted where later protocol versions append fields (Stream Abort) and refused elsewhere.
    /// - Parameter isStreamed: between Stream Start and Stream Stop, where messages name their transaction.
    public static func decode(_ message: Span<UInt8>, isStreamed: Bool) throws(DecodeError) -> ControlMessage {
        var reader = ByteReader(message)
        let kind = try reader.read(UInt8.self)
        let decoded = try decode(kind, &reader, isStreamed: isStreamed)
        guard reader.isAtEnd || kind == UInt8(ascii: "A") else { throw .malformed("bytes after the last field") }
        return decoded
    }

    private static func decode(
        _ kind: UInt8, _ reader: inout ByteReader, isStreamed: Bool
    ) throws(DecodeError) -> ControlMessage {
        switch kind {
        case UInt8(ascii: "B"):
            return .begin(
                Begin(
                    commitLSN: try readLSN(&reader), timestampMicros: try readTime(&reader),
                    transactionID: try reader.read(UInt32.self)))
        case UInt8(ascii: "C"):
            return .commit(try readCommit(&reader))
        case UInt8(ascii: "O"):
            return .origin(lsn: try readLSN(&reader), name: try readString(&reader))
        case UInt8(ascii: "R"):
            let transactionID = isStreamed ? try reader.read(UInt32.self) : 0
            return .relation(try readRelation(&reader), transactionID: transactionID)
        case UInt8(ascii: "Y"):
            let transactionID = isStreamed ? try reader.read(UInt32.self) : 0
            return .type(
                oid: try reader.read(UInt32.self), schema: try readSchema(&reader), name: try readString(&reader),
                transactionID: transactionID)
        case UInt8(ascii: "T"):
            return .truncate(try readTruncate(&reader, isStreamed: isStreamed))
        case UInt8(ascii: "M"):
            return .logical(try readLogicalMessage(&reader, isStreamed: isStreamed))
        case UInt8(ascii: "S"):
            return .streamStart(
                transactionID: try reader.read(UInt32.self), isFirst: try reader.read(UInt8.self) == 1)
        case UInt8(ascii: "E"):
            return .streamStop
        case UInt8(ascii: "c"):
            return .streamCommit(transactionID: try reader.read(UInt32.self), try readCommit(&reader))
        case UInt8(ascii: "A"):
            return .streamAbort(
                transactionID: try reader.read(UInt32.self), subtransactionID: try reader.read(UInt32.self))
        case UInt8(ascii: "b"):
            return .beginPrepare(try readPrepare(&reader, hasFlags: false))
        case UInt8(ascii: "P"):
            return .prepare(try readPrepare(&reader, hasFlags: true))
        case UInt8(ascii: "p"):
            return .streamPrepare(try readPrepare(&reader, hasFlags: true))
        case UInt8(ascii: "K"):
            return .commitPrepared(try readPrepare(&reader, hasFlags: true))
        case UInt8(ascii: "r"):
            return .rollbackPrepared(try readRollbackPrepared(&reader))
        default:
            throw .malformed("an unknown message kind")
        }
    }

    // MARK: - Bodies

    private static func readCommit(_ reader: inout ByteReader) throws(DecodeError) -> Commit {
        try reader.skip(1)  // flags: none are defined
        return Commit(
            commitLSN: try readLSN(&reader), endLSN: try readLSN(&reader), timestampMicros: try readTime(&reader))
    }

    private static func readRelation(_ reader: inout ByteReader) throws(DecodeError) -> Relation {
        let oid = try reader.read(UInt32.self)
        let schema = try readSchema(&reader)
        let table = try readString(&reader)
        let identity = TableSchema.ReplicaIdentity(rawValue: try reader.read(UInt8.self))
        guard let identity else { throw .malformed("an unknown replica identity") }
        let count = Int(try reader.read(Int16.self))
        guard count >= 0 else { throw .malformed("a negative column count") }
        var columns: [Relation.Column] = []
        columns.reserveCapacity(min(count, reader.remaining / 10))
        for _ in 0..<count {
            let flags = try reader.read(UInt8.self)
            columns.append(
                Relation.Column(
                    isIdentityKey: flags & 1 != 0, name: try readString(&reader),
                    typeOID: try reader.read(UInt32.self), typeModifier: try reader.read(Int32.self)))
        }
        return Relation(
            oid: oid, id: TableID(schema: schema, table: table), replicaIdentity: identity, columns: columns)
    }

    private static func readTruncate(_ reader: inout ByteReader, isStreamed: Bool) throws(DecodeError) -> Truncate {
        let transactionID = isStreamed ? try reader.read(UInt32.self) : 0
        let count = Int(try reader.read(Int32.self))
        let options = try reader.read(UInt8.self)
        guard count >= 0, count <= reader.remaining / 4 else {
            throw .truncated(needed: max(0, count), available: reader.remaining / 4)
        }
        var oids: [UInt32] = []
        oids.reserveCapacity(count)
        for _ in 0..<count { oids.append(try reader.read(UInt32.self)) }
        return Truncate(
            relationOIDs: oids, cascades: options & 1 != 0, restartsIdentity: options & 2 != 0,
            transactionID: transactionID)
    }

    private static func readLogicalMessage(
        _ reader: inout ByteReader, isStreamed: Bool
    ) throws(DecodeError) -> LogicalMessage {
        let transactionID = isStreamed ? try reader.read(UInt32.self) : 0
        let flags = try reader.read(UInt8.self)
        let lsn = try readLSN(&reader)
        let prefixStart = reader.position
        let prefix = try reader.readCString().count
        let length = Int(try reader.read(Int32.self))
        let contentStart = reader.position
        try reader.skip(length)
        return LogicalMessage(
            isTransactional: flags & 1 != 0, lsn: lsn, prefix: prefixStart..<prefixStart + prefix,
            content: contentStart..<contentStart + length, transactionID: transactionID)
    }

    private static func readPrepare(_ reader: inout ByteReader, hasFlags: Bool) throws(DecodeError) -> Prepare {
        if hasFlags { try reader.skip(1) }
        return Prepare(
            lsn: try readLSN(&reader), endLSN: try readLSN(&reader), timestampMicros: try readTime(&reader),
            transactionID: try reader.read(UInt32.self), identifier: try readString(&reader))
    }

    private static func readRollbackPrepared(_ reader: inout ByteReader) throws(DecodeError) -> Prepare {
        try reader.skip(1)
        let lsn = try readLSN(&reader)
        let endLSN = try readLSN(&reader)
        _ = try readTime(&reader)  // when it was prepared
        return Prepare(
            lsn: lsn, endLSN: endLSN, timestampMicros: try readTime(&reader),
            transactionID: try reader.read(UInt32.self), identifier: try readString(&reader))
    }

    // MARK: - Fields

    private static func readLSN(_ reader: inout ByteReader) throws(DecodeError) -> LSN {
        LSN(rawValue: try reader.read(UInt64.self))
    }

    /// PostgreSQL counts microseconds from 2000-01-01.
    private static func readTime(_ reader: inout ByteReader) throws(DecodeError) -> Int64 {
        try reader.read(Int64.self) &+ 946_684_800_000_000
    }

    /// An empty schema name stands for `pg_catalog`.
    private static func readSchema(_ reader: inout ByteReader) throws(DecodeError) -> String {
        let name = try readString(&reader)
        return name.isEmpty ? "pg_catalog" : name
    }

    private static func readString(_ reader: inout ByteReader) throws(DecodeError) -> String {
        let bytes = try reader.readCString()
        // SAFETY: the buffer is read within the borrow.
        return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
