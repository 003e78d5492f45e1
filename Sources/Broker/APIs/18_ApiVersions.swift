internal import KafkaProtocol

/// ApiVersions, key 18.
///
/// Versions 0 to 4. What is told is the table of handlers itself. A version that is not known is answered in the form of
/// version 0 with error 35 and the list, whatever it was, and the connection goes on: the client asks again with what it
/// now knows. Version 3 and up name the client's software; a malformed name is error 42. `metadata.version` is told as
/// a finalized feature: consoles take the broker's level from it. Features whose lowest version is 0 are left out of
/// version 3, which Java clients before 3.9 could not read.
struct ApiVersionsHandler: APIHandler {
    typealias Request = ApiVersionsRequest
    static let versions: ClosedRange<Int16> = 0...4

    /// Kafka 4.3's metadata version, as a number: what this broker speaks is what that one speaks.
    static let metadataVersion: Int16 = 29

    func handle(_ request: ApiVersionsRequest, _ context: RequestContext, _ reply: Reply<ApiVersionsResponse>) {
        if context.version >= 3 {
            guard Self.isAcceptable(request.clientSoftwareName), Self.isAcceptable(request.clientSoftwareVersion) else {
                var response = ApiVersionsResponse()
                response.errorCode = 42
                return reply.send(response)
            }
            context.session.softwareName = request.clientSoftwareName
            context.session.softwareVersion = request.clientSoftwareVersion
        }
        reply.send(Self.response(context))
    }

    /// Answers a version that is not served.
    static func answerUnsupportedVersion(_ context: RequestContext) {
        var response = response(context)
        response.errorCode = 35
        context.broker.metrics.count(error: 35)
        Reply<ApiVersionsResponse>(context).send(response, version: 0)
    }

    private static func response(_ context: RequestContext) -> ApiVersionsResponse {
        var response = ApiVersionsResponse()
        response.apiKeys = context.broker.apis.all.map { entry in
            var version = ApiVersionsResponse.ApiVersion()
            version.apiKey = entry.key
            version.minVersion = entry.advertisedVersions.lowerBound
            version.maxVersion = entry.advertisedVersions.upperBound
            return version
        }
        var supported = ApiVersionsResponse.SupportedFeatureKey()
        supported.name = "metadata.version"
        supported.minVersion = 7
        supported.maxVersion = metadataVersion
        response.supportedFeatures = [supported]
        var finalized = ApiVersionsResponse.FinalizedFeatureKey()
        finalized.name = "metadata.version"
        finalized.minVersionLevel = metadataVersion
        finalized.maxVersionLevel = metadataVersion
        response.finalizedFeatures = [finalized]
        response.finalizedFeaturesEpoch = 1
        return response
    }

    /// Letters, digits, `-` and `.`, beginning and ending with a letter or digit.
    static func isAcceptable(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return false }
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}
