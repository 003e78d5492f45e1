internal import KafkaProtocol

/// ListPartitionReassignments, key 46: with one broker nothing is ever on its way.
///
/// Version 0.
struct ListPartitionReassignmentsHandler: APIHandler {
    typealias Request = ListPartitionReassignmentsRequest
    static let versions: ClosedRange<Int16> = 0...0

    func handle(
        _ request: ListPartitionReassignmentsRequest, _ context: RequestContext,
        _ reply: Reply<ListPartitionReassignmentsResponse>
    ) {
        var response = ListPartitionReassignmentsResponse()
        response.errorMessage = nil
        reply.send(response)
    }
}
