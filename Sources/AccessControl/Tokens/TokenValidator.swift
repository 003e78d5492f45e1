internal import Foundation
internal import JWTKit
internal import Logging

/// Checks bearer tokens: JSON Web Tokens signed with a key of a set that is cached, refreshed by age, and read anew (not
/// too often) when a token names a key that is not in it. A token without a signature, or with a shared secret's, is
/// never accepted.
public actor TokenValidator {
    /// `sasl.oauthbearer.jwks.endpoint.refresh.ms`.
    private let refreshMillis: Int64
    /// At least this much lies between two readings for keys that are not known.
    private let missMillisMin: Int64
    private let rules: TokenRules
    private let source: KeySource
    private let clock: @Sendable () -> Int64
    private let logger: Logger

    private var keys = JWTKeyCollection()
    private var keyIDs: Set<String> = []
    private var loadedAt: Int64?
    private var triedAt: Int64?

    /// - Parameter clock: milliseconds since 1970.
    public init(
        rules: TokenRules, source: KeySource, refreshMillis: Int64 = 3_600_000, missMillisMin: Int64 = 10_000,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.rules = rules
        self.source = source
        self.refreshMillis = refreshMillis
        self.missMillisMin = missMillisMin
        self.clock = clock
        logger = Logger(label: "tailrace.access")
    }

    /// - Returns: nil where the token is not valid, for whatever reason.
    public func validate(_ token: String) async -> ValidatedToken? {
        guard let keyID = Self.keyID(of: token) else { return nil }
        let now = clock()
        if loadedAt.map({ now - $0 >= refreshMillis }) ?? true { await load(now: now) }
        if !keyIDs.contains(keyID) { await load(now: now) }
        // The library falls back to another key where the named one is missing.
        guard keyIDs.contains(keyID), let claims = try? await keys.verify(token, as: TokenClaims.self) else {
            return nil
        }
        return rules.check(claims, now: now)
    }

    /// Reads the keys before the first client needs them.
    /// - Throws: ``AccessError`` where there are none to be had.
    public func prepare() async throws(AccessError) {
        await load(now: clock())
        guard !keyIDs.isEmpty else {
            throw AccessError(
                setting: "sasl.oauthbearer.jwks.endpoint.url", problem: "no usable key could be read from there")
        }
    }

    /// The key that signed the token, `""` where the header does not say; nil where the token's form is not acceptable.
    private static func keyID(of token: String) -> String? {
        let parser = DefaultJWTParser()
        guard let parsed = try? parser.parse(Array(token.utf8), as: TokenClaims.self),
            let algorithm = parsed.header.alg, !algorithm.hasPrefix("HS"), algorithm.lowercased() != "none",
            parsed.header.crit == nil
        else { return nil }
        return parsed.header.kid ?? ""
    }

    private func load(now: Int64) async {
        if let triedAt, now - triedAt < missMillisMin { return }
        triedAt = now
        let fresh = JWTKeyCollection()
        var ids: Set<String> = []
        do {
            for key in try Self.keys(in: try await source.load()) {
                guard (try? await fresh.add(jwk: key)) != nil, let id = key.keyIdentifier?.string else { continue }
                ids.insert(id)
            }
        } catch {
            logger.debug("could not read the keys of bearer tokens")
        }
        // The keys at hand stay in use while the source is away.
        guard !ids.isEmpty else { return }
        keys = fresh
        keyIDs = ids
        loadedAt = now
    }

    /// The keys of the set that can check signatures; one of a type that is not known does not spoil the others.
    private static func keys(in bytes: [UInt8]) throws -> [JWK] {
        struct Lenient: Decodable {
            let key: JWK?
            init(from decoder: any Decoder) throws { key = try? JWK(from: decoder) }
        }
        struct KeySet: Decodable { let keys: [Lenient] }
        return try JSONDecoder().decode(KeySet.self, from: Data(bytes)).keys.compactMap { each in
            guard var key = each.key else { return nil }
            if key.keyIdentifier == nil { key.keyIdentifier = JWKIdentifier(string: "") }
            return key
        }
    }
}
