import Testing

@testable import AccessControl

@Suite("Access control: OAUTHBEARER framing")
struct BearerTests {
    private let credentials = CredentialStore()

    @Test("the token is found among the pairs, and its user is authenticated until it expires")
    func accepted() {
        var exchange = SASLExchange(mechanism: .oauthBearer)
        let message = "n,a=alice,\u{1}host=h\u{1}auth=Bearer a.b.c\u{1}port=1\u{1}\u{1}"
        #expect(exchange.receive(Array(message.utf8), credentials: credentials) == .checkToken("a.b.c"))
        #expect(
            exchange.tokenChecked(ValidatedToken(principalName: "alice", expiresAt: 99))
                == .authenticated(Authentication(principal: Principal(name: "alice"), expiresAt: 99)))
    }

    @Test("a token that is not valid is answered with JSON, and the exchange fails after the client's reply")
    func invalidToken() {
        var exchange = SASLExchange(mechanism: .oauthBearer)
        _ = exchange.receive(Array("n,,\u{1}auth=bearer x\u{1}\u{1}".utf8), credentials: credentials)
        #expect(exchange.tokenChecked(nil) == .challenge(Array(#"{"status":"invalid_token"}"#.utf8)))
        #expect(exchange.receive([1], credentials: credentials) == .rejected(SASLExchange.failure))
    }

    @Test("nobody acts as another than the token's user")
    func otherUser() {
        var exchange = SASLExchange(mechanism: .oauthBearer)
        _ = exchange.receive(Array("n,a=bob,\u{1}auth=Bearer x\u{1}\u{1}".utf8), credentials: credentials)
        guard case .rejected = exchange.tokenChecked(ValidatedToken(principalName: "alice", expiresAt: 99)) else {
            Issue.record("accepted")
            return
        }
    }

    @Test(
        "malformed messages are refused",
        arguments: [
            "", "n,,", "n,,\u{1}\u{1}", "n,,\u{1}auth=Basic x\u{1}\u{1}", "n,,\u{1}auth=Bearer\u{1}\u{1}",
            "p=x,,\u{1}auth=Bearer x\u{1}\u{1}", "n,,\u{1}auth=Bearer x", "n,,x\u{1}auth=Bearer x\u{1}\u{1}",
            "n,,\u{1}auth=Bearer x\u{1}auth=Bearer y\u{1}\u{1}",
        ])
    func malformed(message: String) {
        var exchange = SASLExchange(mechanism: .oauthBearer)
        guard case .rejected = exchange.receive(Array(message.utf8), credentials: credentials) else {
            Issue.record("accepted")
            return
        }
    }
}
