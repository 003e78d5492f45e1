import Foundation
import PostgresCapture

/// Replaces `${env:NAME}` and `${file:/path:key}` in values, when they are used and not before: what is stored and shown
/// is the reference.
struct SecretResolver: Sendable {
    var environment: [String: String]
    var readFile: @Sendable (_ path: String) throws -> String

    static var process: SecretResolver {
        SecretResolver(
            environment: ProcessInfo.processInfo.environment,
            readFile: { try String(contentsOfFile: $0, encoding: .utf8) })
    }

    /// Why a reference cannot be followed. Names it, never what it holds.
    struct Failure: Error, Equatable { let message: String }

    func resolve(_ text: String) throws(Failure) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.range(of: "${"), let close = rest[open.upperBound...].firstIndex(of: "}") {
            let inner = rest[open.upperBound..<close]
            result += rest[..<open.lowerBound]
            if let value = try value(of: inner) { result += value } else { result += rest[open.lowerBound...close] }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// nil when `reference` is none: `${name}` without a provider stays as it is, as in Kafka Connect.
    private func value(of reference: Substring) throws(Failure) -> String? {
        guard let colon = reference.firstIndex(of: ":") else { return nil }
        let provider = reference[..<colon]
        let argument = reference[reference.index(after: colon)...]
        switch provider {
        case "env":
            guard let value = environment[String(argument)] else {
                throw Failure(message: "the environment variable '\(argument)' of '${\(reference)}' is not set")
            }
            return value
        case "file":
            guard let separator = argument.lastIndex(of: ":") else {
                throw Failure(message: "'${\(reference)}' must be written ${file:/path:key}")
            }
            let path = String(argument[..<separator])
            let key = String(argument[argument.index(after: separator)...])
            guard let text = try? readFile(path) else {
                throw Failure(message: "the file '\(path)' of '${\(reference)}' cannot be read")
            }
            guard let value = JavaProperties.parse(text)[key] else {
                throw Failure(message: "the file '\(path)' of '${\(reference)}' has no property '\(key)'")
            }
            return value
        case "secretsmanager":
            throw Failure(
                message:
                    "'${\(reference)}': AWS Secrets Manager is not available in this version; use ${env:…} or ${file:…}"
            )
        default:
            throw Failure(message: "'${\(reference)}': '\(provider)' is not a known source; use ${env:…} or ${file:…}")
        }
    }
}
