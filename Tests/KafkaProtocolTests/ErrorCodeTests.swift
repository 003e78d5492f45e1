import KafkaProtocol
import Testing

@Suite("Error codes and API keys")
struct ErrorCodeTests {
    @Test(
        "a code has Kafka's name, number and verdict on retrying",
        arguments: [
            (ErrorCode.unknownServerError, -1, "UNKNOWN_SERVER_ERROR", false), (.none, 0, "NONE", false),
            (.notLeaderOrFollower, 6, "NOT_LEADER_OR_FOLLOWER", true), (.notCoordinator, 16, "NOT_COORDINATOR", true),
            (.unsupportedVersion, 35, "UNSUPPORTED_VERSION", false),
            (.unknownLeaderEpoch, 75, "UNKNOWN_LEADER_EPOCH", true),
            (.unstableOffsetCommit, 88, "UNSTABLE_OFFSET_COMMIT", true),
            (.producerFenced, 90, "PRODUCER_FENCED", false),
            (.rebootstrapRequired, 129, "REBOOTSTRAP_REQUIRED", false),
        ] as [(ErrorCode, Int16, String, Bool)])
    func names(code: ErrorCode, number: Int16, name: String, isRetriable: Bool) {
        #expect(code.rawValue == number && code.description == name && code.isRetriable == isRetriable)
    }

    @Test("a number without a name is told as a number")
    func unknown() {
        #expect(ErrorCode(rawValue: 999).description == "error 999")
        #expect(ErrorCode(rawValue: .min).description == "error -32768")
        #expect(ErrorCode(rawValue: .max).description == "error 32767")
    }

    @Test("the messages that are here belong to keys with the same name")
    func keys() throws {
        for request in MessageCatalog.requests {
            let key = try #require(APIKey(rawValue: request.apiKey))
            #expect("\(request)".lowercased() == "\(key)request".lowercased())
        }
    }
}
