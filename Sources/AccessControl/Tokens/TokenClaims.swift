internal import Foundation
internal import JWTKit

/// The claims of a token, whatever they are named; checked by ``TokenRules``, since the clock comes from there.
struct TokenClaims: JWTPayload {
    enum Value: Codable, Sendable, Equatable {
        case text(String)
        case number(Double)
        case list([String])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let list = try? container.decode([String].self) {
                self = .list(list)
            } else {
                self = .other
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .list(let list): try container.encode(list)
            case .other: try container.encodeNil()
            }
        }
    }

    let values: [String: Value]

    init(values: [String: Value]) { self.values = values }
    init(from decoder: any Decoder) throws { values = try decoder.singleValueContainer().decode([String: Value].self) }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    func verify(using algorithm: some JWTAlgorithm) async throws {}

    func text(_ name: String) -> String? {
        if case .text(let text) = values[name], !text.isEmpty { text } else { nil }
    }

    /// Seconds since 1970 as milliseconds; nil where the claim is not a usable number.
    func moment(_ name: String) -> Int64? {
        guard case .number(let seconds) = values[name], seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        return Int64(seconds * 1_000)
    }

    /// A claim that is one text, words with spaces between, or a list.
    func words(_ name: String) -> Set<String> {
        switch values[name] {
        case .text(let text): Set(text.split(separator: " ").map(String.init))
        case .list(let list): Set(list)
        default: []
        }
    }
}
