internal import CommitLog
internal import KafkaProtocol

/// ElectLeaders, key 43. One broker leads every partition already, so there is never anything to elect: partitions that
/// were named are told so with error 84, and asking for all of them gives an empty success.
///
/// Versions 0 to 2.
struct ElectLeadersHandler: APIHandler {
    typealias Request = ElectLeadersRequest
    static let versions: ClosedRange<Int16> = 0...2

    func handle(_ request: ElectLeadersRequest, _ context: RequestContext, _ reply: Reply<ElectLeadersResponse>) {
        var response = ElectLeadersResponse()
        response.replicaElectionResults = (request.topicPartitions ?? []).map { topic in
            var answer = ElectLeadersResponse.ReplicaElectionResult()
            answer.topic = topic.topic
            let count = context.broker.topics[topic.topic]?.partitionCount ?? 0
            answer.partitionResult = topic.partitions.map { number in
                var result = ElectLeadersResponse.PartitionResult()
                result.partitionId = number
                result.errorCode = (0..<count).contains(number) ? 84 : 3
                result.errorMessage = nil
                return result
            }
            return answer
        }
        reply.send(response)
    }
}
