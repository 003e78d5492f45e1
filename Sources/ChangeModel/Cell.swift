/// One column of one row, as a range of the message that carried it.
///
/// Rows are arrays of cells over one run of bytes: decoding a row allocates nothing.
@frozen public struct Cell: Sendable, BitwiseCopyable, Equatable {
    @frozen public enum Kind: UInt8, Sendable, BitwiseCopyable {
        case null
        /// A TOASTed value that the change did not touch and the server therefore did not send.
        case unchanged
        case text
        case binary
        /// The column is not part of this tuple (a key tuple, or a column the server leaves out).
        case absent
    }

    public var kind: Kind
    public var offset: Int32
    public var length: Int32

    @inlinable public init(kind: Kind, offset: Int32 = 0, length: Int32 = 0) {
        self.kind = kind
        self.offset = offset
        self.length = length
    }

    @inlinable public static var null: Cell { Cell(kind: .null) }
    @inlinable public static var unchanged: Cell { Cell(kind: .unchanged) }
    @inlinable public static var absent: Cell { Cell(kind: .absent) }

    /// The value's bytes within `message`, the bytes this cell was decoded from.
    @inlinable @_lifetime(copy message)
    public func bytes(in message: Span<UInt8>) -> Span<UInt8> {
        message.extracting(Int(offset)..<Int(offset) &+ Int(length))
    }
}
