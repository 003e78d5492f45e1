/// What stands before the rows of an event.
struct EnvelopeMarks: Sendable {
    /// Before a `before` that follows, and in place of one.
    let before: [UInt8]
    let beforeNull: [UInt8]
    let after: [UInt8]
    let afterNull: [UInt8]

    static let json = EnvelopeMarks(
        before: Array("{\"before\":".utf8), beforeNull: Array("{\"before\":null".utf8),
        after: Array(",\"after\":".utf8), afterNull: Array(",\"after\":null".utf8))
    /// The branches of the union of null and the row.
    static let avro = EnvelopeMarks(before: [2], beforeNull: [0], after: [2], afterNull: [0])
}
