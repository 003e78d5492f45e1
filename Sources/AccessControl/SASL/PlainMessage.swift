/// PLAIN (RFC 4616): one message, `authzid NUL user NUL password`, in UTF-8.
enum PlainMessage {
    static func check(_ message: [UInt8], credentials: CredentialStore) -> SASLStep {
        let parts = message.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty,
            let user = String(validating: parts[1], as: UTF8.self)
        else { return .rejected("Authentication failed: a PLAIN message needs a user name and a password") }
        guard parts[0].isEmpty || parts[0] == parts[1] else {
            return .rejected("Authentication failed: a client may only act as the user that it authenticates as")
        }
        guard credentials.passwordMatches(Array(parts[2]), of: user) else { return .rejected(SASLExchange.failure) }
        return .authenticated(Authentication(principal: Principal(name: user)))
    }
}
