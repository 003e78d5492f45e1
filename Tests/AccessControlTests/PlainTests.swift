import Testing

@testable import AccessControl

@Suite("Access control: PLAIN")
struct PlainTests {
    private func login(_ text: String) throws -> SASLStep {
        var store = CredentialStore()
        try store.setPassword("s3cret", of: "alice")
        var exchange = SASLExchange(mechanism: .plain)
        return exchange.receive(Array(text.utf8), credentials: store)
    }

    @Test("the right password is accepted, with no or the same authorization id")
    func accepted() throws {
        let expected = SASLStep.authenticated(Authentication(principal: Principal(name: "alice")))
        #expect(try login("\0alice\0s3cret") == expected)
        #expect(try login("alice\0alice\0s3cret") == expected)
    }

    @Test("wrong passwords and unknown users are refused alike", arguments: ["\0alice\0wrong", "\0bob\0s3cret"])
    func refused(message: String) throws {
        #expect(try login(message) == .rejected(SASLExchange.failure))
    }

    @Test(
        "malformed messages are refused",
        arguments: ["", "\0", "\0alice", "\0alice\0", "\0\0s3cret", "\0alice\0s3cret\0", "bob\0alice\0s3cret"])
    func malformed(message: String) throws {
        guard case .rejected = try login(message) else {
            Issue.record("accepted")
            return
        }
    }
}
