internal import CRdkafka

extension KafkaAdmin {
    /// All settings of a topic or broker, in the order of their names.
    public func describeConfigs(of resource: ConfigResource) async throws(KafkaError) -> [ConfigEntry] {
        try await request(
            "describing \(resource)", RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS,
            configure: { options in resource.brokerID.flatMap { options.setBroker($0) } },
            submit: { client, options, queue in
                guard let target = rd_kafka_ConfigResource_new(resource.type, resource.name) else {
                    return KafkaError(code: .invalidArgument, detail: "the name is not acceptable")
                }
                defer { rd_kafka_ConfigResource_destroy(target) }
                var targets: [OpaquePointer?] = [target]
                rd_kafka_DescribeConfigs(client, &targets, 1, options, queue)
                return nil
            },
            read: { event in
                var count = 0
                let answers = rd_kafka_DescribeConfigs_result_resources(
                    rd_kafka_event_DescribeConfigs_result(event), &count)
                return Self.resourceResult(answers, count).map { answer in
                    guard let answer else { return [] }
                    var count = 0
                    let entries = rd_kafka_ConfigResource_configs(answer, &count)
                    return pointers(entries, count).map { ConfigEntry($0) }.sorted { $0.name < $1.name }
                }
            })
    }

    /// Changes some settings and leaves the others as they are.
    ///
    /// Kafka's older request, the one this library has, replaces all overrides at once. So the present ones are read first
    /// and sent again with the changes. Somebody else's change between the two would be undone.
    /// - Parameter changes: nil takes an override away, so that the default holds again.
    /// - Throws: ``KafkaError``; nothing is changed when an override is sensitive, because its value cannot be read and
    ///   would be lost.
    public func alterConfigs(
        of resource: ConfigResource, _ changes: [String: String?], isValidateOnly: Bool = false
    ) async throws(KafkaError) {
        let present = try await describeConfigs(of: resource)
        let merged: [String: String]
        switch Self.merge(present, changes, resource) {
        case .success(let result): merged = result
        case .failure(let error): throw error
        }
        try await request(
            "changing \(resource)", RD_KAFKA_ADMIN_OP_ALTERCONFIGS,
            configure: { options in
                (isValidateOnly ? options.setValidateOnly() : nil)
                    ?? resource.brokerID.flatMap { options.setBroker($0) }
            },
            submit: { client, options, queue in
                guard let target = rd_kafka_ConfigResource_new(resource.type, resource.name) else {
                    return KafkaError(code: .invalidArgument, detail: "the name is not acceptable")
                }
                defer { rd_kafka_ConfigResource_destroy(target) }
                for (name, value) in merged {
                    let code = rd_kafka_ConfigResource_set_config(target, name, value)
                    if let error = KafkaError(code) { return error.during("setting '\(name)'") }
                }
                var targets: [OpaquePointer?] = [target]
                rd_kafka_AlterConfigs(client, &targets, 1, options, queue)
                return nil
            },
            read: { event in
                var count = 0
                let answers = rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event), &count)
                return Self.resourceResult(answers, count).map { _ in }
            })
    }

    /// The whole set of overrides after `changes`.
    static func merge(
        _ present: [ConfigEntry], _ changes: [String: String?], _ resource: ConfigResource
    ) -> Result<[String: String], KafkaError> {
        let own: ConfigEntry.Source = resource.brokerID == nil ? .dynamicTopic : .dynamicBroker
        var merged: [String: String] = [:]
        for entry in present where entry.source == own && changes[entry.name] == nil {
            guard let value = entry.value else {
                return .failure(
                    KafkaError(
                        code: .unsupportedFeature,
                        detail:
                            "changing \(resource): its override '\(entry.name)' is sensitive and cannot be read, and "
                            + "this version of librdkafka can only replace all overrides at once, which would lose it; "
                            + "give '\(entry.name)' a value in the same change"))
            }
            merged[entry.name] = value
        }
        for (name, value) in changes { if let value { merged[name] = value } }
        return .success(merged)
    }

    private static func resourceResult(
        _ answers: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) -> Result<OpaquePointer?, KafkaError> {
        guard let answer = pointers(answers, count).first else { return .success(nil) }
        let error = KafkaError(
            rd_kafka_ConfigResource_error(answer), detail: rd_kafka_ConfigResource_error_string(answer))
        return error.map { .failure($0) } ?? .success(answer)
    }
}
