/// OAUTHBEARER (RFC 7628): `n,[a=authzid],` then key-value pairs, each ended by 0x01, among them `auth=Bearer token`,
/// and a last 0x01. A token that is not valid is answered with JSON, to which the client sends a lone 0x01.
struct BearerExchange: Sendable {
    private enum State: Sendable {
        case first
        case checking(authorizationID: String)
        case refused
        case done
    }

    private var state = State.first

    mutating func receive(_ message: [UInt8]) -> SASLStep {
        switch state {
        case .first:
            return receiveFirst(message)
        case .refused:
            state = .done
            return .rejected(SASLExchange.failure)
        case .checking, .done:
            return malformed()
        }
    }

    private mutating func malformed() -> SASLStep {
        state = .done
        return .rejected("Authentication failed: a malformed OAUTHBEARER message")
    }

    private mutating func receiveFirst(_ message: [UInt8]) -> SASLStep {
        let parts = message.split(separator: 1, omittingEmptySubsequences: false)
        guard let header = parts.first.flatMap({ String(validating: $0, as: UTF8.self) }), parts.count >= 3,
            parts.suffix(2).allSatisfy(\.isEmpty)
        else { return malformed() }
        let fields = header.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0] == "n" || fields[0] == "y", fields[2].isEmpty,
            fields[1].isEmpty || fields[1].hasPrefix("a=")
        else { return malformed() }
        var token: String?
        for pair in parts.dropFirst().dropLast(2) {
            guard let text = String(validating: pair, as: UTF8.self) else { return malformed() }
            guard text.hasPrefix("auth=") else { continue }
            let value = text.dropFirst(5).split(separator: " ", omittingEmptySubsequences: true)
            guard value.count == 2, value[0].lowercased() == "bearer", token == nil else { return malformed() }
            token = String(value[1])
        }
        guard let token else { return malformed() }
        state = .checking(authorizationID: String(fields[1].dropFirst(2)))
        return .checkToken(token)
    }

    mutating func tokenChecked(_ token: ValidatedToken?) -> SASLStep {
        guard case .checking(let authorizationID) = state else {
            preconditionFailure("a token is checked once")
        }
        guard let token else {
            state = .refused
            return .challenge(Array(#"{"status":"invalid_token"}"#.utf8))
        }
        state = .done
        guard authorizationID.isEmpty || authorizationID == token.principalName else {
            return .rejected("Authentication failed: a client may only act as the user that it authenticates as")
        }
        return .authenticated(
            Authentication(principal: Principal(name: token.principalName), expiresAt: token.expiresAt))
    }
}
