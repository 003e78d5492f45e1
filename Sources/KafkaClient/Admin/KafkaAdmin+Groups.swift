internal import CRdkafka
public import ChangeModel

extension KafkaAdmin {
    /// The consumer groups that all brokers know, in the order of their names.
    public func listGroups() async throws(KafkaError) -> [ConsumerGroupListing] {
        try await request(
            "listing groups", RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS,
            submit: { client, options, queue in
                rd_kafka_ListConsumerGroups(client, options, queue)
                return nil
            },
            read: { (event) -> Result<[ConsumerGroupListing], KafkaError> in
                let answer = rd_kafka_event_ListConsumerGroups_result(event)
                var count = 0
                let errors = rd_kafka_ListConsumerGroups_result_errors(answer, &count)
                if let error = pointers(errors, count).first { return .failure(KafkaError(borrowing: error)) }
                let valid = rd_kafka_ListConsumerGroups_result_valid(answer, &count)
                let groups = pointers(valid, count).map { group in
                    ConsumerGroupListing(
                        name: String(cString: rd_kafka_ConsumerGroupListing_group_id(group)),
                        state: Self.stateName(rd_kafka_ConsumerGroupListing_state(group)),
                        isSimple: rd_kafka_ConsumerGroupListing_is_simple_consumer_group(group) != 0)
                }
                return .success(groups.sorted { $0.name < $1.name })
            })
    }

    /// One group with its members. A group that does not exist is described as `Dead`.
    public func describeGroup(_ name: String) async throws(KafkaError) -> ConsumerGroup {
        try await request(
            "describing group '\(name)'", RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS,
            submit: { client, options, queue in
                name.withCString { text in
                    var names: [UnsafePointer<CChar>?] = [text]
                    rd_kafka_DescribeConsumerGroups(client, &names, 1, options, queue)
                }
                return nil
            },
            read: { (event) -> Result<ConsumerGroup, KafkaError> in
                var count = 0
                let groups = rd_kafka_DescribeConsumerGroups_result_groups(
                    rd_kafka_event_DescribeConsumerGroups_result(event), &count)
                guard let group = pointers(groups, count).first else {
                    return .failure(KafkaError(code: .groupNotFound, detail: "the cluster did not answer for it"))
                }
                if let error = rd_kafka_ConsumerGroupDescription_error(group) {
                    return .failure(KafkaError(borrowing: error))
                }
                return .success(ConsumerGroup(description: group))
            })
    }

    /// Deletes a group with its offsets. It must have no members.
    public func deleteGroup(_ name: String) async throws(KafkaError) {
        try await request(
            "deleting group '\(name)'", RD_KAFKA_ADMIN_OP_DELETEGROUPS,
            submit: { client, options, queue in
                let group: OpaquePointer = rd_kafka_DeleteGroup_new(name)
                defer { rd_kafka_DeleteGroup_destroy(group) }
                var groups: [OpaquePointer?] = [group]
                rd_kafka_DeleteGroups(client, &groups, 1, options, queue)
                return nil
            },
            read: { (event) -> Result<Void, KafkaError> in
                var count = 0
                return Self.groupResult(
                    rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event), &count), count
                ).map { _ in }
            })
    }

    /// A group's committed offsets.
    /// - Parameter partitions: nil for all that the group has.
    public func listGroupOffsets(
        _ group: String, partitions: [TopicPartition]? = nil
    ) async throws(KafkaError) -> [PartitionOffset] {
        try await request(
            "reading the offsets of group '\(group)'", RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS,
            submit: { client, options, queue in
                let list = PartitionList((partitions ?? []).map { PartitionOffset($0, offset: 0) })
                let pointer: OpaquePointer = list.withPointer {
                    rd_kafka_ListConsumerGroupOffsets_new(group, partitions == nil ? nil : UnsafePointer($0))
                }
                defer { rd_kafka_ListConsumerGroupOffsets_destroy(pointer) }
                var all: [OpaquePointer?] = [pointer]
                rd_kafka_ListConsumerGroupOffsets(client, &all, 1, options, queue)
                return nil
            },
            read: { (event) -> Result<[PartitionOffset], KafkaError> in
                var count = 0
                let answer = rd_kafka_event_ListConsumerGroupOffsets_result(event)
                return Self.groupResult(rd_kafka_ListConsumerGroupOffsets_result_groups(answer, &count), count)
            }
        ).sorted { ($0.partition.topic, $0.partition.partition) < ($1.partition.topic, $1.partition.partition) }
    }

    /// Sets a group's committed offsets. It must have no members.
    public func alterGroupOffsets(_ group: String, _ offsets: [PartitionOffset]) async throws(KafkaError) {
        try await request(
            "setting the offsets of group '\(group)'", RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS,
            submit: { client, options, queue in
                let pointer: OpaquePointer = PartitionList(offsets).withPointer {
                    rd_kafka_AlterConsumerGroupOffsets_new(group, $0)
                }
                defer { rd_kafka_AlterConsumerGroupOffsets_destroy(pointer) }
                var all: [OpaquePointer?] = [pointer]
                rd_kafka_AlterConsumerGroupOffsets(client, &all, 1, options, queue)
                return nil
            },
            read: { (event) -> Result<Void, KafkaError> in
                var count = 0
                let answer = rd_kafka_event_AlterConsumerGroupOffsets_result(event)
                return Self.groupResult(rd_kafka_AlterConsumerGroupOffsets_result_groups(answer, &count), count)
                    .flatMap(Self.firstError)
            })
    }

    /// Takes away a group's offsets of partitions to which no member is subscribed.
    public func deleteGroupOffsets(_ group: String, _ partitions: [TopicPartition]) async throws(KafkaError) {
        try await request(
            "deleting offsets of group '\(group)'", RD_KAFKA_ADMIN_OP_DELETECONSUMERGROUPOFFSETS,
            submit: { client, options, queue in
                let list = PartitionList(partitions.map { PartitionOffset($0, offset: 0) })
                let pointer: OpaquePointer = list.withPointer {
                    rd_kafka_DeleteConsumerGroupOffsets_new(group, $0)
                }
                defer { rd_kafka_DeleteConsumerGroupOffsets_destroy(pointer) }
                var all: [OpaquePointer?] = [pointer]
                rd_kafka_DeleteConsumerGroupOffsets(client, &all, 1, options, queue)
                return nil
            },
            read: { (event) -> Result<Void, KafkaError> in
                var count = 0
                let answer = rd_kafka_event_DeleteConsumerGroupOffsets_result(event)
                return Self.groupResult(rd_kafka_DeleteConsumerGroupOffsets_result_groups(answer, &count), count)
                    .flatMap(Self.firstError)
            })
    }

    static func stateName(_ state: rd_kafka_consumer_group_state_t) -> String {
        String(cString: rd_kafka_consumer_group_state_name(state))
    }

    private static func groupResult(
        _ results: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) -> Result<[PartitionOffset], KafkaError> {
        guard let result = pointers(results, count).first else { return .success([]) }
        if let error = rd_kafka_group_result_error(result) { return .failure(KafkaError(borrowing: error)) }
        guard let list = rd_kafka_group_result_partitions(result) else { return .success([]) }
        return .success(PartitionList.entries(of: list))
    }

    private static func firstError(_ entries: [PartitionOffset]) -> Result<Void, KafkaError> {
        for entry in entries {
            if let code = entry.error {
                return .failure(KafkaError(code: code, detail: "\(entry.partition): \(code.summary)"))
            }
        }
        return .success(())
    }
}

extension ConsumerGroup {
    fileprivate init(description group: OpaquePointer) {
        let coordinator = rd_kafka_ConsumerGroupDescription_coordinator(group)
        self.init(
            name: String(cString: rd_kafka_ConsumerGroupDescription_group_id(group)),
            state: KafkaAdmin.stateName(rd_kafka_ConsumerGroupDescription_state(group)),
            assignor: rd_kafka_ConsumerGroupDescription_partition_assignor(group).map { String(cString: $0) } ?? "",
            coordinator: coordinator.map { rd_kafka_Node_id($0) } ?? -1,
            members: (0..<rd_kafka_ConsumerGroupDescription_member_count(group)).compactMap {
                rd_kafka_ConsumerGroupDescription_member(group, $0).map { Member(description: $0) }
            })
    }
}

extension ConsumerGroup.Member {
    fileprivate init(description member: OpaquePointer) {
        var partitions: [TopicPartition] = []
        if let assignment = rd_kafka_MemberDescription_assignment(member),
            let list = rd_kafka_MemberAssignment_partitions(assignment)
        {
            partitions = PartitionList.entries(of: list).map(\.partition)
        }
        self.init(
            id: String(cString: rd_kafka_MemberDescription_consumer_id(member)),
            clientID: String(cString: rd_kafka_MemberDescription_client_id(member)),
            host: String(cString: rd_kafka_MemberDescription_host(member)),
            instanceID: rd_kafka_MemberDescription_group_instance_id(member).map { String(cString: $0) },
            assignment: partitions)
    }
}
