internal import NIOCore

/// What the network side needs of the configuration, read once.
struct ServerSettings: Sendable {
    let requestByteCountMax: Int
    let queuedRequestByteCountMax: Int
    let connectionCountMax: Int
    let connectionCountPerAddressMax: Int
    let idleTimeMax: TimeAmount
    let fetchByteCountMax: Int
    let fetchSessionCountMax: Int

    init(_ configuration: BrokerConfiguration) {
        requestByteCountMax = configuration.integer("socket.request.max.bytes")
        queuedRequestByteCountMax = configuration.integer("queued.max.request.bytes")
        connectionCountMax = configuration.integer("max.connections")
        connectionCountPerAddressMax = configuration.integer("max.connections.per.ip")
        idleTimeMax = .milliseconds(Int64(configuration.integer("connections.max.idle.ms")))
        fetchByteCountMax = configuration.integer("fetch.max.bytes")
        fetchSessionCountMax = configuration.integer("max.incremental.fetch.session.cache.slots")
    }
}
