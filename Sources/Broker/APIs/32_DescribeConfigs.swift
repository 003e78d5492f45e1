internal import CommitLog
internal import KafkaProtocol

/// DescribeConfigs, key 32.
///
/// Versions 1 to 4. Topics and this broker, with where each value comes from, what else there would be, and what it
/// means. Null or no names mean all of them. Secrets have no value.
struct DescribeConfigsHandler: APIHandler {
    typealias Request = DescribeConfigsRequest
    static let versions: ClosedRange<Int16> = 1...4

    func handle(_ request: DescribeConfigsRequest, _ context: RequestContext, _ reply: Reply<DescribeConfigsResponse>) {
        var response = DescribeConfigsResponse()
        response.results = request.resources.map { resource in
            var result = DescribeConfigsResponse.DescribeConfigsResult()
            result.resourceType = resource.resourceType
            result.resourceName = resource.resourceName
            result.errorMessage = nil
            do throws(ConfigResource.Missing) {
                let found = try ConfigResource(
                    type: resource.resourceType, name: resource.resourceName, context.broker)
                result.configs = entries(of: found, resource, context.broker).map { describe($0, request) }
            } catch {
                context.broker.metrics.count(error: error.code)
                result.errorCode = error.code
                result.errorMessage = error.message
            }
            return result
        }
        reply.send(response)
    }

    private func entries(
        of found: ConfigResource, _ resource: DescribeConfigsRequest.DescribeConfigsResource, _ broker: Broker
    ) -> [ConfigEntry] {
        var entries: [ConfigEntry]
        switch found {
        case .topic(let topic): entries = broker.configs.entries(of: topic.configuration)
        case .broker:
            entries = broker.configs.brokerEntries()
            // Without a broker's id the settings of all brokers are meant: those that were changed.
            if resource.resourceName.isEmpty { entries = entries.filter { $0.source == .dynamicBroker } }
        }
        guard let names = resource.configurationKeys, !names.isEmpty else { return entries }
        return entries.filter { names.contains($0.name) }
    }

    private func describe(
        _ entry: ConfigEntry, _ request: DescribeConfigsRequest
    ) -> DescribeConfigsResponse.DescribeConfigsResourceResult {
        var result = DescribeConfigsResponse.DescribeConfigsResourceResult()
        result.name = entry.name
        result.value = entry.value
        result.readOnly = entry.isReadOnly
        result.configSource = entry.source.rawValue
        result.isSensitive = entry.isSensitive
        result.configType = entry.kind
        result.documentation = request.includeDocumentation ? entry.documentation : nil
        if request.includeSynonyms {
            result.synonyms = entry.synonyms.map { synonym in
                var answer = DescribeConfigsResponse.DescribeConfigsSynonym()
                answer.name = synonym.name
                answer.value = synonym.value
                answer.source = synonym.source.rawValue
                return answer
            }
        }
        return result
    }
}
