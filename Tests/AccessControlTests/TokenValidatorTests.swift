import Foundation
import JWTKit
import Synchronization
import Testing

@testable import AccessControl

@Suite("Access control: bearer tokens")
struct TokenValidatorTests {
    private static let now: Int64 = 1_800_000_000_000

    /// An issuer with one key, and what it publishes.
    private struct Issuer {
        let key: ES256PrivateKey
        let keyID: String

        init(keyID: String = "k1") {
            key = ES256PrivateKey()
            self.keyID = keyID
        }

        var published: String {
            get throws {
                let parameters = try #require(key.publicKey.parameters)
                func urlSafe(_ text: String) -> String {
                    text.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
                        .replacingOccurrences(of: "=", with: "")
                }
                return """
                    {"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"\(keyID)",\
                    "x":"\(urlSafe(parameters.x))","y":"\(urlSafe(parameters.y))"}
                    """
            }
        }

        func sign(_ values: [String: TokenClaims.Value], keyID: String? = nil) async throws -> String {
            let keys = JWTKeyCollection()
            let id = JWKIdentifier(string: keyID ?? self.keyID)
            await keys.add(ecdsa: key, kid: id)
            return try await keys.sign(TokenClaims(values: values), kid: id)
        }
    }

    private final class Published: Sendable {
        private let state: Mutex<(text: String, readCount: Int)>
        init(_ text: String) { state = Mutex((text, 0)) }
        func set(_ text: String) { state.withLock { $0.text = text } }
        var readCount: Int { state.withLock { $0.readCount } }
        var source: KeySource {
            KeySource {
                Array(
                    self.state.withLock { state in
                        state.readCount += 1
                        return state.text
                    }.utf8)
            }
        }
    }

    private let claims: [String: TokenClaims.Value] = [
        "sub": .text("alice"), "iss": .text("https://issuer"), "aud": .list(["kafka", "other"]),
        "exp": .number(Double(now / 1_000 + 600)), "scope": .text("read write"),
    ]

    private func validator(
        _ issuer: Issuer, rules: TokenRules = TokenRules(), now: Int64 = TokenValidatorTests.now
    ) throws -> TokenValidator {
        let published = Published(
            try #"{"keys":[{"kty":"oct","kid":"shared","k":"AAAA"},{"kty":"new","kid":"x"},"# + issuer.published + "]}")
        return TokenValidator(rules: rules, source: published.source, clock: { now })
    }

    @Test("a signed token that is in time names its user and its end")
    func accepted() async throws {
        let issuer = Issuer()
        let validator = try validator(issuer)
        let token = try await issuer.sign(claims)
        #expect(
            await validator.validate(token)
                == ValidatedToken(principalName: "alice", expiresAt: Self.now + 600_000))
    }

    @Test("issuer, audience, scope and subject are checked by their settings")
    func rules() async throws {
        let issuer = Issuer()
        let token = try await issuer.sign(claims)
        var rules = TokenRules()
        rules.issuer = "https://issuer"
        rules.audiences = ["kafka"]
        rules.requiredScopes = ["write"]
        #expect(await (try validator(issuer, rules: rules)).validate(token) != nil)
        var other = rules
        other.issuer = "https://another"
        #expect(await (try validator(issuer, rules: other)).validate(token) == nil)
        other = rules
        other.audiences = ["unknown"]
        #expect(await (try validator(issuer, rules: other)).validate(token) == nil)
        other = rules
        other.requiredScopes = ["admin"]
        #expect(await (try validator(issuer, rules: other)).validate(token) == nil)
        other = rules
        other.subjectClaim = "email"
        #expect(await (try validator(issuer, rules: other)).validate(token) == nil)
    }

    @Test("time is checked with the allowed skew")
    func time() async throws {
        let issuer = Issuer()
        let token = try await issuer.sign(claims)
        #expect(await (try validator(issuer, now: Self.now + 629_000)).validate(token) != nil)
        #expect(await (try validator(issuer, now: Self.now + 631_000)).validate(token) == nil)
        var early = claims
        early["nbf"] = .number(Double(Self.now / 1_000 + 60))
        let earlyToken = try await issuer.sign(early)
        #expect(await (try validator(issuer)).validate(earlyToken) == nil)
        #expect(await (try validator(issuer, now: Self.now + 31_000)).validate(earlyToken) != nil)
        var endless = claims
        endless["exp"] = nil
        let endlessToken = try await issuer.sign(endless)
        #expect(await (try validator(issuer)).validate(endlessToken) == nil)
    }

    @Test("tokens without a signature, with a shared secret, of another key or changed on the way are refused")
    func forged() async throws {
        let issuer = Issuer()
        let validator = try validator(issuer)
        let token = try await issuer.sign(claims)
        func part(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
        }
        let payload = token.split(separator: ".")[1]
        #expect(await validator.validate(part(#"{"alg":"none"}"#) + ".\(payload).") == nil)
        #expect(await validator.validate(part(#"{"alg":"none","kid":"k1"}"#) + ".\(payload).") == nil)
        let shared = JWTKeyCollection()
        await shared.add(hmac: "0123456789abcdef0123456789abcdef", digestAlgorithm: .sha256, kid: "shared")
        let sharedToken = try await shared.sign(TokenClaims(values: claims), kid: "shared")
        #expect(await validator.validate(sharedToken) == nil)
        let stranger = try await Issuer().sign(claims)
        #expect(await validator.validate(stranger) == nil)
        let unknownKey = try await issuer.sign(claims, keyID: "k9")
        #expect(await validator.validate(unknownKey) == nil)
        var pieces = token.split(separator: ".").map(String.init)
        pieces[1] = part(#"{"sub":"root","exp":9999999999}"#)
        #expect(await validator.validate(pieces.joined(separator: ".")) == nil)
        for broken in ["", "a", "a.b", "a.b.c", "...."] { #expect(await validator.validate(broken) == nil) }
    }

    @Test("a key that is not known makes the set be read anew, not too often; old keys outlive a source that is away")
    func refresh() async throws {
        let first = Issuer()
        let second = Issuer(keyID: "k2")
        let published = Published(try #"{"keys":["# + first.published + "]}")
        let time = Mutex(Self.now)
        let validator = TokenValidator(
            rules: TokenRules(), source: published.source, refreshMillis: 60_000, missMillisMin: 10_000,
            clock: { time.withLock { $0 } })
        try await validator.prepare()
        let oldToken = try await first.sign(claims)
        let newToken = try await second.sign(claims)
        #expect(await validator.validate(newToken) == nil)
        published.set(try #"{"keys":["# + first.published + "," + second.published + "]}")
        #expect(await validator.validate(newToken) == nil)
        #expect(published.readCount == 1)
        time.withLock { $0 += 10_000 }
        #expect(await validator.validate(newToken) != nil)
        #expect(published.readCount == 2)
        published.set("away")
        time.withLock { $0 += 60_000 }
        #expect(await validator.validate(oldToken) != nil)
        #expect(published.readCount == 3)
    }

    @Test("a source without a usable key is an error at start")
    func nothingUsable() async throws {
        let validator = TokenValidator(
            rules: TokenRules(), source: Published(#"{"keys":[]}"#).source, clock: { Self.now })
        await #expect(throws: AccessError.self) { try await validator.prepare() }
    }
}
