internal import AccessControl
internal import KafkaProtocol

/// AlterUserScramCredentials, key 51: makes, changes and removes SCRAM users. Version 0.
///
/// The client salts the password; what is kept of it are a verifier's keys. A user that is named twice, or whose
/// credential is not acceptable, is refused; the others are changed together.
struct AlterUserScramCredentialsHandler: APIHandler {
    typealias Request = AlterUserScramCredentialsRequest
    typealias Result = AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult
    static let versions: ClosedRange<Int16> = 0...0

    func handle(
        _ request: AlterUserScramCredentialsRequest, _ context: RequestContext,
        _ reply: Reply<AlterUserScramCredentialsResponse>
    ) {
        var response = AlterUserScramCredentialsResponse()
        var changes: [AccessRecord] = []
        let isAllowed = context.allowsCluster(.alter)
        let credentials = context.broker.access.credentials
        var seen: [String: Int] = [:]
        for name in request.deletions.map(\.name) + request.upsertions.map(\.name) { seen[name, default: 0] += 1 }
        for name in seen.keys.sorted() {
            var result = Result()
            result.user = name
            result.errorMessage = nil
            if !isAllowed {
                result.errorCode = ErrorCode.clusterAuthorizationFailed.rawValue
            } else if seen[name] != 1 {
                result.errorCode = ErrorCode.duplicateResource.rawValue
                result.errorMessage = "A user may be changed once in a request"
            } else if let deletion = request.deletions.first(where: { $0.name == name }) {
                let mechanism = ScramMechanism(rawValue: deletion.mechanism)
                if let mechanism, credentials.scramCredentials(of: name).contains(where: { $0.mechanism == mechanism })
                {
                    changes.append(.credential(user: name, mechanism, nil))
                } else {
                    result.errorCode = ErrorCode.resourceNotFound.rawValue
                    result.errorMessage = "There is no such user with SCRAM credentials"
                }
            } else if let upsertion = request.upsertions.first(where: { $0.name == name }) {
                switch Self.verifier(upsertion) {
                case .success(let verifier):
                    changes.append(.credential(user: name, verifier.mechanism, verifier))
                case .failure(let refusal):
                    result.errorCode = refusal.code.rawValue
                    result.errorMessage = refusal.message
                }
            }
            response.results.append(result)
        }
        guard !changes.isEmpty else { return reply.send(response) }
        let (answer, records) = (response, changes)
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

    private struct Refusal: Error {
        let code: ErrorCode
        let message: String
    }

    private static func verifier(
        _ upsertion: AlterUserScramCredentialsRequest.ScramCredentialUpsertion
    ) -> Swift.Result<ScramVerifier, Refusal> {
        func unacceptable(_ message: String) -> Swift.Result<ScramVerifier, Refusal> {
            .failure(Refusal(code: .unacceptableCredential, message: message))
        }
        guard !upsertion.name.isEmpty else { return unacceptable("A user's name must not be empty") }
        guard let mechanism = ScramMechanism(rawValue: upsertion.mechanism) else {
            return .failure(
                Refusal(code: .unsupportedSaslMechanism, message: "The SCRAM mechanism is not known"))
        }
        let range = ScramMechanism.iterationCountRange
        guard range.contains(Int(upsertion.iterations)) else {
            return unacceptable("The iterations must be \(range.lowerBound) to \(range.upperBound)")
        }
        guard !upsertion.salt.isEmpty, upsertion.saltedPassword.count == mechanism.digestByteCount else {
            return unacceptable("The salt or the salted password has not the right length")
        }
        return .success(
            ScramVerifier(
                mechanism: mechanism, salt: upsertion.salt, iterationCount: Int(upsertion.iterations),
                saltedPassword: upsertion.saltedPassword))
    }
}
