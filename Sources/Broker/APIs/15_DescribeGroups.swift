internal import GroupCoordinator
internal import KafkaProtocol

/// DescribeGroups, key 15.
///
/// Versions 0 to 6. It describes classic groups; a group that is not there is `Dead` without an error before version 6,
/// and GROUP_ID_NOT_FOUND from then on. A group of the consumer protocol is not there for it, as in Kafka.
struct DescribeGroupsHandler: APIHandler {
    typealias Request = DescribeGroupsRequest
    static let versions: ClosedRange<Int16> = 0...6

    func handle(_ request: DescribeGroupsRequest, _ context: RequestContext, _ reply: Reply<DescribeGroupsResponse>) {
        let version = context.version
        context.broker.groups.read { engine in
            var response = DescribeGroupsResponse()
            for id in request.groups {
                var group = Self.describe(id, engine, version)
                if request.includeAuthorizedOperations, group.errorCode == 0 {
                    group.authorizedOperations = GroupOperations.all
                }
                response.groups.append(group)
            }
            reply.send(response)
        }
    }

    private static func describe(
        _ id: String, _ engine: borrowing GroupEngine, _ version: Int16
    ) -> DescribeGroupsResponse.DescribedGroup {
        var answer = DescribeGroupsResponse.DescribedGroup()
        answer.groupId = id
        do throws(GroupError) {
            let group = try engine.describeClassic(id)
            answer.groupState = group.state
            answer.protocolType = group.protocolType
            answer.protocolData = group.protocolName
            answer.members = group.members.map { member in
                var described = DescribeGroupsResponse.DescribedGroupMember()
                described.memberId = member.id
                described.groupInstanceId = member.instanceID
                described.clientId = member.clientID
                described.clientHost = member.clientHost
                described.memberMetadata = member.metadata
                described.memberAssignment = member.assignment
                return described
            }
        } catch {
            answer.groupState = "Dead"
            if error != .groupIDNotFound || version >= 6 {
                answer.errorCode = error.rawValue
                if error == .groupIDNotFound { answer.errorMessage = "Group \(id) not found." }
            }
        }
        return answer
    }
}
