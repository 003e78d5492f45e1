/// A version as a request names it.
public enum VersionID: Sendable, Equatable {
    case number(Int)
    case latest

    /// - Throws: ``RegistryError`` 42202 for anything but 1 to 2³¹-1, `latest` and -1, which means the same.
    public init(_ text: String) throws(RegistryError) {
        if text == "latest" || text == "-1" {
            self = .latest
        } else if let number = Int32(text), number > 0 {
            self = .number(Int(number))
        } else {
            throw .invalidVersion(text)
        }
    }
}
