internal import CommitLog
internal import KafkaProtocol

/// AlterPartitionReassignments, key 45. There is one broker: a partition that is to be on it alone is there already;
/// another place is refused, and there is no reassignment to cancel.
///
/// Versions 0 and 1.
struct AlterPartitionReassignmentsHandler: APIHandler {
    typealias Request = AlterPartitionReassignmentsRequest
    static let versions: ClosedRange<Int16> = 0...1

    func handle(
        _ request: AlterPartitionReassignmentsRequest, _ context: RequestContext,
        _ reply: Reply<AlterPartitionReassignmentsResponse>
    ) {
        let broker = context.broker
        var response = AlterPartitionReassignmentsResponse()
        response.errorMessage = nil
        response.allowReplicationFactorChange = request.allowReplicationFactorChange
        response.responses = request.topics.map { topic in
            var answer = AlterPartitionReassignmentsResponse.ReassignableTopicResponse()
            answer.name = topic.name
            let count = broker.topics[topic.name]?.partitionCount ?? 0
            answer.partitions = topic.partitions.map { partition in
                var result = AlterPartitionReassignmentsResponse.ReassignablePartitionResponse()
                result.partitionIndex = partition.partitionIndex
                result.errorMessage = nil
                if !(0..<count).contains(partition.partitionIndex) {
                    result.errorCode = 3
                } else if partition.replicas == nil {
                    result.errorCode = 85
                } else if partition.replicas != [broker.identity.nodeID] {
                    result.errorCode = 39
                    result.errorMessage = "the only broker is \(broker.identity.nodeID)"
                }
                return result
            }
            return answer
        }
        reply.send(response)
    }
}
