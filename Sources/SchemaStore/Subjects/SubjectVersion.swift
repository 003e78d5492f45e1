/// One version of one subject.
public struct SubjectVersion: Hashable, Sendable {
    /// With its context.
    public let subject: String
    public let version: Int

    public init(subject: String, version: Int) {
        self.subject = subject
        self.version = version
    }
}
