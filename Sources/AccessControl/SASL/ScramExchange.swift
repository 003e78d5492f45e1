internal import Foundation

/// SCRAM (RFC 5802, RFC 7677) without channel binding:
///
///     client  n,[a=authzid],n=user,r=cnonce          server  r=cnonce snonce,s=salt,i=rounds
///     client  c=base64(gs2 header),r=nonce,p=proof    server  v=signature
///
/// Names and passwords are taken as their UTF-8 stands, without SASLprep, as Kafka's clients and broker take them.
struct ScramExchange: Sendable {
    private enum State: Sendable {
        case first
        case final(Pending)
        case done
    }

    private struct Pending: Sendable {
        let user: String
        let isKnown: Bool
        let verifier: ScramVerifier
        let header: [UInt8]
        let nonce: String
        /// `client-first-message-bare , server-first-message`
        let transcript: String
    }

    let mechanism: ScramMechanism
    let serverNonce: String
    private var state = State.first

    init(mechanism: ScramMechanism, serverNonce: String) {
        self.mechanism = mechanism
        self.serverNonce = serverNonce
    }

    mutating func receive(_ message: [UInt8], credentials: CredentialStore) -> SASLStep {
        guard let text = String(validating: message, as: UTF8.self) else { return malformed() }
        switch state {
        case .first: return receiveFirst(text, credentials: credentials)
        case .final(let pending): return receiveFinal(text, pending)
        case .done: return malformed()
        }
    }

    private mutating func malformed() -> SASLStep {
        state = .done
        return .rejected("Authentication failed: a malformed \(mechanism.name) message")
    }

    private mutating func receiveFirst(_ text: String, credentials: CredentialStore) -> SASLStep {
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "n" || parts[0] == "y" else { return malformed() }
        let bare = parts[2]
        let attributes = bare.split(separator: ",", omittingEmptySubsequences: false)
        // A mandatory extension (m=) would stand first; none is known. Optional ones follow the nonce.
        guard attributes.count >= 2, attributes[0].hasPrefix("n="), attributes[1].hasPrefix("r="),
            let user = Self.unescape(attributes[0].dropFirst(2)), !user.isEmpty, attributes[1].count > 2
        else { return malformed() }
        if attributes.dropFirst(2).contains("tokenauth=true") {
            state = .done
            return .rejected("Authentication failed: delegation tokens are not supported")
        }
        if parts[1].hasPrefix("a=") {
            guard Self.unescape(parts[1].dropFirst(2)) == user else {
                state = .done
                return .rejected("Authentication failed: a client may only act as the user that it authenticates as")
            }
        } else if !parts[1].isEmpty {
            return malformed()
        }
        let found = credentials.verifier(of: user, mechanism: mechanism)
        let verifier = found ?? credentials.decoy(of: user, mechanism: mechanism)
        let nonce = attributes[1].dropFirst(2) + serverNonce
        let challenge =
            "r=\(nonce),s=\(Data(verifier.salt).base64EncodedString()),i=\(verifier.iterationCount)"
        state = .final(
            Pending(
                user: user, isKnown: found != nil, verifier: verifier, header: Array("\(parts[0]),\(parts[1]),".utf8),
                nonce: String(nonce), transcript: bare + "," + challenge))
        return .challenge(Array(challenge.utf8))
    }

    private mutating func receiveFinal(_ text: String, _ pending: Pending) -> SASLStep {
        state = .done
        guard let proofAt = text.range(of: ",p=", options: .backwards) else { return malformed() }
        let withoutProof = text[..<proofAt.lowerBound]
        let attributes = withoutProof.split(separator: ",", omittingEmptySubsequences: false)
        guard attributes.count >= 2, attributes[0].hasPrefix("c="), attributes[1].hasPrefix("r="),
            let header = Data(base64Encoded: String(attributes[0].dropFirst(2))),
            let proof = Data(base64Encoded: String(text[proofAt.upperBound...]))
        else { return malformed() }
        // librdkafka before 2.6.1 sends its own nonce once more in front. The proof covers the whole message, so what
        // stands before the nonce cannot be anybody else's.
        guard Array(header) == pending.header, attributes[1].dropFirst(2).hasSuffix(pending.nonce) else {
            return .rejected(SASLExchange.failure)
        }
        let verifier = pending.verifier
        let signed = Array((pending.transcript + "," + withoutProof).utf8)
        let signature = mechanism.authenticationCode(of: signed, key: verifier.storedKey)
        guard proof.count == signature.count else { return .rejected(SASLExchange.failure) }
        let clientKey = zip(Array(proof), signature).map { $0 ^ $1 }
        guard constantTimeEquals(mechanism.hash(clientKey), verifier.storedKey), pending.isKnown else {
            return .rejected(SASLExchange.failure)
        }
        let serverSignature = mechanism.authenticationCode(of: signed, key: verifier.serverKey)
        return .authenticated(
            Authentication(
                principal: Principal(name: pending.user),
                finalMessage: Array("v=\(Data(serverSignature).base64EncodedString())".utf8)))
    }

    /// `=2C` is a comma and `=3D` an equals sign; another equals sign is an error.
    private static func unescape(_ text: Substring) -> String? {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard let first = parts.first else { return "" }
        var result = String(first)
        for part in parts.dropFirst() {
            if part.hasPrefix("2C") {
                result += ","
            } else if part.hasPrefix("3D") {
                result += "="
            } else {
                return nil
            }
            result += part.dropFirst(2)
        }
        return result
    }
}
