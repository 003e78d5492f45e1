import CLibpq
import Glibc

/// The rows that a statement returned, in text form, all in memory: for catalogs and small answers.
public struct QueryResult: ~Copyable {
    private let handle: OpaquePointer

    /// Takes the result over and clears it at the end of its life.
    init(_ handle: OpaquePointer) { self.handle = handle }
    deinit { PQclear(handle) }

    public var rowCount: Int { Int(PQntuples(handle)) }
    public var columnCount: Int { Int(PQnfields(handle)) }

    public var columnNames: [String] {
        (0..<columnCount).map { PQfname(handle, Int32($0)).map { String(cString: $0) } ?? "" }
    }

    /// A value's text, or nil for NULL and for a row or column that is not there.
    public func text(_ row: Int, _ column: Int) -> String? {
        guard row >= 0, row < rowCount, column >= 0, column < columnCount,
            PQgetisnull(handle, Int32(row), Int32(column)) == 0,
            let value = PQgetvalue(handle, Int32(row), Int32(column))
        else { return nil }
        return String(cString: value)
    }

    /// A value's text as bytes, borrowed; empty for NULL.
    @_lifetime(borrow self)
    public func bytes(_ row: Int, _ column: Int) -> Span<UInt8> {
        let length = Int(PQgetlength(handle, Int32(row), Int32(column)))
        let value = PQgetvalue(handle, Int32(row), Int32(column))
        // SAFETY: libpq owns `length` bytes at `value` until the result is cleared, which the borrow prevents.
        let start = value.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) }
        let span = Span(_unsafeElements: UnsafeBufferPointer(start: start, count: start == nil ? 0 : length))
        return _overrideLifetime(span, borrowing: self)
    }

    public func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(handle, Int32(row), Int32(column)) != 0 }

    /// A value as an integer; nil for NULL and for what is not a number of this type.
    public func integer<Value: FixedWidthInteger>(_ row: Int, _ column: Int, as _: Value.Type = Int.self) -> Value? {
        text(row, column).flatMap { Value($0) }
    }

    /// A boolean in PostgreSQL's text form; false for NULL.
    public func bool(_ row: Int, _ column: Int) -> Bool { text(row, column) == "t" }

    /// The rows as arrays, for the few places where that reads best.
    public func rows() -> [[String?]] {
        (0..<rowCount).map { row in (0..<columnCount).map { text(row, $0) } }
    }

    /// How many rows the statement changed.
    public var affectedCount: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }
}
