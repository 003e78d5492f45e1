public import ByteCoding
public import ChangeModel

/// Decodes the messages that carry rows: Insert, Update and Delete of pgoutput, protocol versions 1 to 4.
///
/// Source: PostgreSQL documentation, "Logical Replication Message Formats". A tuple is a column count (Int16) and for
/// each column a kind: `n` null, `u` unchanged TOAST, `t` text or `b` binary with an Int32 length and the bytes.
///
/// One owner; not thread-safe. Keeps its cells between rows: a row allocates nothing.
public struct RowDecoder: ~Copyable {
    private var oldBuffer: [Cell]
    private var newBuffer: [Cell]
    private var oldCount = 0
    private var newCount = 0

    public init() {
        oldBuffer = Array(repeating: .null, count: 32)
        newBuffer = oldBuffer
    }

    /// The old tuple of the last decoded message, as ranges of its bytes; empty when it had none.
    public var old: Span<Cell> {
        @_lifetime(borrow self) borrowing get { oldBuffer.span.extracting(0..<oldCount) }
    }

    /// The new tuple of the last decoded message; empty for a delete.
    public var new: Span<Cell> {
        @_lifetime(borrow self) borrowing get { newBuffer.span.extracting(0..<newCount) }
    }

    /// True when `message` is one that ``decode(_:isStreamed:)`` takes.
    @inlinable public static func isRow(_ message: Span<UInt8>) -> Bool {
        guard message.count > 0 else { return false }
        let kind = message[0]
        return kind == UInt8(ascii: "I") || kind == UInt8(ascii: "U") || kind == UInt8(ascii: "D")
    }

    /// Decodes one message; its tuples are then in ``old`` and ``new``.
    /// - Parameter isStreamed: inside a stream of a transaction in progress, where each message names its transaction.
    /// - Throws: ``DecodeError``; the tuples are then empty.
    public mutating func decode(_ message: Span<UInt8>, isStreamed: Bool) throws(DecodeError) -> RowMessage {
        oldCount = 0
        newCount = 0
        var reader = ByteReader(message)
        let kind = try reader.read(UInt8.self)
        let transactionID = isStreamed ? try reader.read(UInt32.self) : 0
        let relationOID = try reader.read(UInt32.self)
        var marker = try reader.read(UInt8.self)
        var oldTuple = OldTuple.none
        let operation: RowOperation
        switch kind {
        case UInt8(ascii: "I"): operation = .create
        case UInt8(ascii: "U"): operation = .update
        case UInt8(ascii: "D"): operation = .delete
        default: throw .malformed("not a message that carries a row")
        }
        if operation != .create, marker != UInt8(ascii: "N") {
            switch marker {
            case UInt8(ascii: "K"): oldTuple = .key
            case UInt8(ascii: "O"): oldTuple = .full
            default: throw .malformed("an unknown tuple marker")
            }
            let count = try Self.readTuple(&reader, into: &oldBuffer)
            if operation == .update {
                marker = try reader.read(UInt8.self)
            } else {
                guard reader.isAtEnd else { throw .malformed("bytes after the last tuple") }
            }
            oldCount = count
        }
        do throws(DecodeError) {
            if operation != .delete {
                guard marker == UInt8(ascii: "N") else { throw .malformed("a row without its new tuple") }
                newCount = try Self.readTuple(&reader, into: &newBuffer)
                guard reader.isAtEnd else { throw .malformed("bytes after the last tuple") }
            } else if oldTuple == .none {
                throw .malformed("a delete without its old tuple")
            }
        } catch {
            oldCount = 0
            newCount = 0
            throw error
        }
        return RowMessage(
            operation: operation, relationOID: relationOID, oldTuple: oldTuple, transactionID: transactionID)
    }

    /// Reads one tuple into the front of `cells`.
    /// - Returns: how many columns it has.
    private static func readTuple(_ reader: inout ByteReader, into cells: inout [Cell]) throws(DecodeError) -> Int {
        let count = Int(try reader.read(Int16.self))
        // Every column takes at least its kind byte, so a count is bounded by what is left.
        guard count >= 0, count <= reader.remaining else {
            throw .truncated(needed: max(count, 0), available: reader.remaining)
        }
        if cells.count < count { cells = Array(repeating: .null, count: count) }
        var target = cells.mutableSpan
        for index in 0..<count {
            let kind = try reader.read(UInt8.self)
            switch kind {
            case UInt8(ascii: "t"), UInt8(ascii: "b"):
                let length = try reader.read(Int32.self)
                let offset = reader.position
                try reader.skip(Int(length))
                target[index] = Cell(
                    kind: kind == UInt8(ascii: "t") ? .text : .binary, offset: Int32(truncatingIfNeeded: offset),
                    length: length)
            case UInt8(ascii: "n"): target[index] = .null
            case UInt8(ascii: "u"): target[index] = .unchanged
            default: throw .malformed("an unknown column kind")
            }
        }
        return count
    }
}
