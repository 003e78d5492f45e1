internal import KafkaProtocol

/// One API of the protocol as the broker serves it.
///
/// `handle` is called on the connection's event loop, in the order of the connection's requests, and must not block:
/// what may block goes through ``Broker/offload(_:)``. It answers through `reply` exactly once, at any time, from any
/// thread.
protocol APIHandler: Sendable {
    associatedtype Request: KafkaRequest

    /// The versions that are served.
    static var versions: ClosedRange<Int16> { get }
    /// The versions that ApiVersions tells, where it has to differ.
    static var advertisedVersions: ClosedRange<Int16> { get }
    /// Whether a request may start before those ahead of it are answered, if all of them may.
    static var overlaps: Bool { get }

    func handle(_ request: Request, _ context: RequestContext, _ reply: Reply<Request.Response>)
}

extension APIHandler {
    static var advertisedVersions: ClosedRange<Int16> { versions }
    static var overlaps: Bool { false }
}
