internal import ByteCoding
internal import NIOCore

/// What a handler is told beside the request itself.
struct RequestContext: Sendable {
    let broker: Broker
    let connection: ConnectionHandler
    let session: ClientSession
    let eventLoop: any EventLoop
    let head: RequestHead
    let frame: RequestFrame
    let slot: UInt64
    let receivedAt: NIODeadline
    /// From the request's header.
    var clientID: String?

    var version: Int16 { head.apiVersion }
}
