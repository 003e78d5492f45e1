internal import AccessControl
internal import KafkaProtocol
internal import NIOCore

extension RequestContext {
    /// Runs `body` on the event loop, after what it is doing now.
    func later(_ body: @escaping @Sendable () -> Void) { eventLoop.execute(body) }

    /// Who asks.
    var principal: Principal { session.principal }

    /// Whether the client may do this to the resource. Handlers ask it for each topic, group and so on that a request
    /// names, and answer with Kafka's code for that type where it may not.
    func allows(_ operation: AccessOperation, _ type: ResourceType, _ name: String) -> Bool {
        broker.access.allows(session.principal, from: session.host, to: operation, type, name)
    }

    /// Whether the client may do this to the cluster.
    func allowsCluster(_ operation: AccessOperation) -> Bool {
        allows(operation, .cluster, ResourceType.clusterName)
    }

    /// Why the client may not read a topic, as Kafka's code; 0 where it may.
    func readRefusal(of topic: String) -> Int16 {
        if !allows(.read, .topic, topic) { return ErrorCode.topicAuthorizationFailed.rawValue }
        return TopicDirectory.isHidden(topic) ? ErrorCode.unknownTopicOrPartition.rawValue : 0
    }

    /// The bits of an `authorizedOperations` field.
    func allowedOperations(on type: ResourceType, _ name: String) -> Int32 {
        broker.access.allowedOperations(session.principal, from: session.host, on: type, name)
    }

    /// Counts a request's or an answer's bytes against the client's quota and, where it is over, leaves its connection
    /// alone for a while. On the event loop.
    /// - Returns: the `throttleTimeMs` to answer with.
    func throttle(_ kind: QuotaKind, byteCount: Int) -> Int32 {
        let pause = broker.access.record(
            byteCount, of: kind, user: session.principal.name, clientID: clientID ?? "")
        if pause > 0 { connection.mute(for: .milliseconds(Int64(pause))) }
        return pause
    }
}
