/// A table as one ``ChangeEncoder`` knows it. Defining the table again, after its schema changed, gives a new handle.
@frozen public struct TableHandle: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}
