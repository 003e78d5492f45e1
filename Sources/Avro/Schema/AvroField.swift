/// One field of a record.
public struct AvroField: Sendable, Equatable {
    public enum Order: String, Sendable { case ascending, descending, ignore }

    public let name: String
    public internal(set) var type: AvroType.Index
    public internal(set) var doc: String?
    /// The default as written in the schema; nil where there is none, `.null` where it is null.
    public internal(set) var defaultValue: JSONValue?
    public internal(set) var order: Order = .ascending
    public internal(set) var aliases: [String] = []
    public internal(set) var properties = JSONObject()
}
