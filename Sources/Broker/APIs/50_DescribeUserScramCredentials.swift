internal import AccessControl
internal import KafkaProtocol

/// DescribeUserScramCredentials, key 50: which SCRAM users were made through the protocol. Version 0. Users of the
/// configuration are not told.
struct DescribeUserScramCredentialsHandler: APIHandler {
    typealias Request = DescribeUserScramCredentialsRequest
    static let versions: ClosedRange<Int16> = 0...0

    func handle(
        _ request: DescribeUserScramCredentialsRequest, _ context: RequestContext,
        _ reply: Reply<DescribeUserScramCredentialsResponse>
    ) {
        typealias Result = DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult
        var response = DescribeUserScramCredentialsResponse()
        response.errorMessage = nil
        guard context.allowsCluster(.describe) else {
            response.errorCode = ErrorCode.clusterAuthorizationFailed.rawValue
            return reply.send(response)
        }
        let credentials = context.broker.access.credentials
        let named = request.users.flatMap { $0.isEmpty ? nil : $0.map(\.name) }
        let users = named ?? credentials.managedUsers
        for user in users {
            var result = Result()
            result.user = user
            result.errorMessage = nil
            let known = credentials.scramCredentials(of: user)
            if users.count(where: { $0 == user }) > 1 {
                result.errorCode = ErrorCode.duplicateResource.rawValue
                result.errorMessage = "The user is asked for more than once"
            } else if known.isEmpty {
                result.errorCode = ErrorCode.resourceNotFound.rawValue
                result.errorMessage = "There is no such user with SCRAM credentials"
            }
            result.credentialInfos = known.map { credential in
                var info = DescribeUserScramCredentialsResponse.CredentialInfo()
                info.mechanism = credential.mechanism.rawValue
                info.iterations = Int32(credential.iterationCount)
                return info
            }
            if !response.results.contains(where: { $0.user == user }) { response.results.append(result) }
        }
        reply.send(response)
    }
}
