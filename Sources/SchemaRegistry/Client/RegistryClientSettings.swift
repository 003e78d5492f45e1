/// How a registry is reached.
public struct RegistryClientSettings: Sendable {
    /// Tried in turn when one does not answer; `http` or `https`, without a slash at the end.
    public var urls: [String]
    /// `user:password` for HTTP's Basic authentication.
    public var userInfo: String?
    /// Sent as `Authorization: Bearer`, where no user is given.
    public var bearerToken: String?
    /// Paths of PEM files: authorities to trust in place of the system's, and the client's own certificate and key.
    public var trustRoots: String?
    public var certificateChain: String?
    public var privateKey: String?
    public var requestTimeoutSeconds: Int64 = 20
    /// How often a request is tried again after no answer, 429 or 5xx; with growing pauses.
    public var retryCountMax = 3
    public var retryDelay: Duration = .milliseconds(200)
    /// How many schemas are remembered, by id and by text each.
    public var cacheCountMax = 1000

    public init(urls: [String]) {
        self.urls = urls.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }
}
