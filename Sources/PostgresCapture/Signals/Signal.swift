/// A request to the running connector: a row of the signal table, or a line of the signal file.
public struct Signal: Sendable, Equatable {
    /// Names the request; notifications about it carry it.
    public var id: String
    /// `execute-snapshot`, `stop-snapshot`, `pause-snapshot`, `resume-snapshot`, `log`, or one of our own watermarks.
    public var type: String
    /// The request's arguments as JSON text.
    public var data: String

    public init(id: String, type: String, data: String) {
        self.id = id
        self.type = type
        self.data = data
    }
}
