internal import AccessControl
internal import KafkaProtocol

/// CreateAcls, key 30. Versions 1 to 3. What is there already counts as made.
struct CreateAclsHandler: APIHandler {
    typealias Request = CreateAclsRequest
    static let versions: ClosedRange<Int16> = 1...3

    func handle(_ request: CreateAclsRequest, _ context: RequestContext, _ reply: Reply<CreateAclsResponse>) {
        var response = CreateAclsResponse()
        var created: [AccessRecord] = []
        let refusal = context.aclRefusal
        for creation in request.creations {
            var result = CreateAclsResponse.AclCreationResult()
            result.errorMessage = nil
            let rule = AccessRule(
                resourceType: ResourceType(rawValue: creation.resourceType) ?? .unknown,
                resourceName: creation.resourceName,
                patternType: PatternType(rawValue: creation.resourcePatternType) ?? .unknown,
                principal: creation.principal, host: creation.host,
                operation: AccessOperation(rawValue: creation.operation) ?? .unknown,
                permission: AccessPermission(rawValue: creation.permissionType) ?? .unknown)
            if let refusal {
                result.errorCode = refusal.rawValue
            } else if let problem = rule.problem {
                result.errorCode = ErrorCode.invalidRequest.rawValue
                result.errorMessage = problem
            } else {
                created.append(.rule(rule, isPresent: true))
            }
            response.results.append(result)
        }
        guard !created.isEmpty else { return reply.send(response) }
        let (answer, records) = (response, created)
        context.broker.offload {
            context.broker.access.change(records) { error in
                var response = answer
                if error != nil {
                    for index in response.results.indices where response.results[index].errorCode == 0 {
                        response.results[index].errorCode = ErrorCode.kafkaStorageError.rawValue
                    }
                }
                reply.send(response)
            }
        }
    }
}

extension RequestContext {
    /// Why the client may not change ACLs, if it may not.
    var aclRefusal: ErrorCode? {
        if !broker.access.settings.isAuthorizing { return .securityDisabled }
        return allowsCluster(.alter) ? nil : .clusterAuthorizationFailed
    }
}
