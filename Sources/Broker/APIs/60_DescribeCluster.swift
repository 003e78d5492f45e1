internal import KafkaProtocol

/// DescribeCluster, key 60.
///
/// Versions 0 to 2. Controllers cannot be asked for: there is no listener of theirs.
struct DescribeClusterHandler: APIHandler {
    typealias Request = DescribeClusterRequest
    static let versions: ClosedRange<Int16> = 0...2

    func handle(_ request: DescribeClusterRequest, _ context: RequestContext, _ reply: Reply<DescribeClusterResponse>) {
        let broker = context.broker
        var response = DescribeClusterResponse()
        response.endpointType = request.endpointType
        response.clusterId = broker.identity.clusterID
        response.controllerId = broker.identity.nodeID
        guard request.endpointType == 1 else {
            response.errorCode = request.endpointType == 2 ? 114 : 115
            response.errorMessage = "this listener serves brokers only"
            return reply.send(response)
        }
        let endpoint = broker.endpoint(of: context.session.listener)
        var node = DescribeClusterResponse.DescribeClusterBroker()
        node.brokerId = broker.identity.nodeID
        node.host = endpoint.host
        node.port = Int32(endpoint.port)
        node.rack = broker.configuration.value("broker.rack")
        response.brokers = [node]
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        reply.send(response)
    }
}
