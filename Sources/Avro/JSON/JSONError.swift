/// Why a text is not JSON. Names the rule and the place, never the text.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    public let reason: String
    /// In bytes from the beginning.
    public let offset: Int

    init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String { "the JSON is malformed at byte \(offset): \(reason)" }
}
