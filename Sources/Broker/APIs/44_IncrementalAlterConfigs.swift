internal import KafkaProtocol

/// IncrementalAlterConfigs, key 44: sets, deletes, appends to and subtracts from single settings of topics and of this
/// broker.
///
/// Versions 0 and 1. A resource's changes are made all or none.
struct IncrementalAlterConfigsHandler: APIHandler {
    typealias Request = IncrementalAlterConfigsRequest
    static let versions: ClosedRange<Int16> = 0...1

    func handle(
        _ request: IncrementalAlterConfigsRequest, _ context: RequestContext,
        _ reply: Reply<IncrementalAlterConfigsResponse>
    ) {
        context.broker.offload {
            var response = IncrementalAlterConfigsResponse()
            response.responses = request.resources.map { resource in
                var result = IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
                result.resourceType = resource.resourceType
                result.resourceName = resource.resourceName
                result.errorMessage = nil
                if let refusal = alter(resource, checkOnly: request.validateOnly, context.broker) {
                    context.broker.metrics.count(error: refusal.code)
                    result.errorCode = refusal.code
                    result.errorMessage = refusal.message
                }
                return result
            }
            reply.send(response)
        }
    }

    private func alter(
        _ resource: IncrementalAlterConfigsRequest.AlterConfigsResource, checkOnly: Bool, _ broker: Broker
    ) -> ConfigChanges.Refusal? {
        let found: ConfigResource
        do throws(ConfigResource.Missing) {
            found = try ConfigResource(type: resource.resourceType, name: resource.resourceName, broker)
        } catch {
            return .init(code: error.code, message: error.message)
        }
        do throws(ConfigChanges.Refusal) {
            try ConfigChanges(broker: broker).apply(
                resource.configs.map { ($0.name, $0.configOperation, $0.value) }, to: found, checkOnly: checkOnly)
            return nil
        } catch {
            return error
        }
    }
}
