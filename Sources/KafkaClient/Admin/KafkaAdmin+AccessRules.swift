internal import CRdkafka

extension KafkaAdmin {
    /// The rules that match the filter.
    public func accessRules(matching filter: AccessRule) async throws(KafkaError) -> [AccessRule] {
        try await request(
            "listing ACLs", RD_KAFKA_ADMIN_OP_DESCRIBEACLS,
            submit: { client, options, queue in
                Self.withFilter(filter) { rd_kafka_DescribeAcls(client, $0, options, queue) }
            },
            read: { (event) -> Result<[AccessRule], KafkaError> in
                var count = 0
                let rules = rd_kafka_DescribeAcls_result_acls(rd_kafka_event_DescribeAcls_result(event), &count)
                return .success(pointers(rules, count).map { AccessRule(binding: $0) })
            })
    }

    /// Adds a rule, whose parts must all be set.
    public func addAccessRule(_ rule: AccessRule) async throws(KafkaError) {
        try await request(
            "adding an ACL", RD_KAFKA_ADMIN_OP_CREATEACLS,
            submit: { client, options, queue in
                var reason = [CChar](repeating: 0, count: 256)
                guard
                    let binding = rd_kafka_AclBinding_new(
                        rule.resourceType, rule.name, rule.patternType, rule.principal, rule.host,
                        rule.operationType, rule.permissionType, &reason, reason.count)
                else { return Self.refusal(reason) }
                defer { rd_kafka_AclBinding_destroy(binding) }
                var bindings: [OpaquePointer?] = [binding]
                rd_kafka_CreateAcls(client, &bindings, 1, options, queue)
                return nil
            },
            read: { (event) -> Result<Void, KafkaError> in
                var count = 0
                let results = rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event), &count)
                for result in pointers(results, count) {
                    if let error = rd_kafka_acl_result_error(result) {
                        return .failure(KafkaError(borrowing: error))
                    }
                }
                return .success(())
            })
    }

    /// Removes the rules that match the filter, and returns them.
    public func removeAccessRules(matching filter: AccessRule) async throws(KafkaError) -> [AccessRule] {
        try await request(
            "removing ACLs", RD_KAFKA_ADMIN_OP_DELETEACLS,
            submit: { client, options, queue in
                Self.withFilter(filter) { pointer in
                    var filters: [OpaquePointer?] = [pointer]
                    rd_kafka_DeleteAcls(client, &filters, 1, options, queue)
                }
            },
            read: { (event) -> Result<[AccessRule], KafkaError> in
                var count = 0
                let answer = rd_kafka_event_DeleteAcls_result(event)
                var removed: [AccessRule] = []
                for response in pointers(rd_kafka_DeleteAcls_result_responses(answer, &count), count) {
                    if let error = rd_kafka_DeleteAcls_result_response_error(response) {
                        return .failure(KafkaError(borrowing: error))
                    }
                    var ruleCount = 0
                    let rules = rd_kafka_DeleteAcls_result_response_matching_acls(response, &ruleCount)
                    removed += pointers(rules, ruleCount).map { AccessRule(binding: $0) }
                }
                return .success(removed)
            })
    }

    private static func withFilter(_ rule: AccessRule, _ body: (OpaquePointer) -> Void) -> KafkaError? {
        var reason = [CChar](repeating: 0, count: 256)
        guard
            let filter = rd_kafka_AclBindingFilter_new(
                rule.resourceType, rule.name, rule.patternType, rule.principal, rule.host, rule.operationType,
                rule.permissionType, &reason, reason.count)
        else { return refusal(reason) }
        defer { rd_kafka_AclBinding_destroy(filter) }
        body(filter)
        return nil
    }
}
