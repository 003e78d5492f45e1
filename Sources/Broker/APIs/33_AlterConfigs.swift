internal import KafkaProtocol

/// AlterConfigs, key 33: sets exactly the given settings of a topic or of this broker; all others go back to their
/// defaults.
///
/// Versions 0 to 2. The broker's settings that cannot change while it runs are refused by name.
struct AlterConfigsHandler: APIHandler {
    typealias Request = AlterConfigsRequest
    static let versions: ClosedRange<Int16> = 0...2

    func handle(_ request: AlterConfigsRequest, _ context: RequestContext, _ reply: Reply<AlterConfigsResponse>) {
        context.broker.offload {
            var response = AlterConfigsResponse()
            response.responses = request.resources.map { resource in
                var result = AlterConfigsResponse.AlterConfigsResourceResponse()
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
        _ resource: AlterConfigsRequest.AlterConfigsResource, checkOnly: Bool, _ broker: Broker
    ) -> ConfigChanges.Refusal? {
        let found: ConfigResource
        do throws(ConfigResource.Missing) {
            found = try ConfigResource(type: resource.resourceType, name: resource.resourceName, broker)
        } catch {
            return .init(code: error.code, message: error.message)
        }
        do throws(ConfigChanges.Refusal) {
            try ConfigChanges(broker: broker).replace(
                found, with: resource.configs.map { ($0.name, $0.value) }, checkOnly: checkOnly)
            return nil
        } catch {
            return error
        }
    }
}
