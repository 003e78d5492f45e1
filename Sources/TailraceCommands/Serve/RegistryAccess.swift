import Avro
import DebeziumFormat
import Foundation
import SchemaRegistry
import SchemaStore

/// The schema registry that a connector's converters ask: another one over HTTP, or the one in this process.
struct RegistryAccess: SchemaRegistering {
    enum Target: Sendable {
        case client(SchemaRegistryClient)
        case embedded(RegistryService)
    }

    let target: Target

    /// What came of a request.
    private enum Outcome: Sendable {
        case identifier(Int)
        case refused(RegistryError)
        case unavailable(String)
    }

    func identifier(of request: SchemaRegistration) throws(SchemaRegistrationError) -> Int32 {
        switch Self.wait({ await ask(request) }) {
        case .identifier(let identifier): return Int32(truncatingIfNeeded: identifier)
        case .refused(let error): throw Self.failure(error, of: request)
        case .unavailable(let detail):
            throw SchemaRegistrationError(code: .unavailable, subject: request.subject, detail: detail)
        }
    }

    private func ask(_ request: SchemaRegistration) async -> Outcome {
        let subject = SchemaRegistryClient.escape(request.subject)
        let path = "/subjects/\(subject)" + (request.registers ? "/versions" : "")
        let target = path + (request.normalizes ? "?normalize=true" : "")
        let body = JSONValue.object(JSONObject(["schema": .string(request.schema)]))
        let answer: JSONValue
        switch self.target {
        case .client(let client):
            do throws(RegistryClientError) { answer = try await client.send("POST", target, body) } catch {
                if case .refused(let error) = error { return .refused(error) }
                return .unavailable(error.description)
            }
        case .embedded(let service):
            guard let question = RegistryRequest(method: .post, target: target, body: body),
                case .json(let json) = await service.answer(question).body
            else { return .unavailable("the registry of this process gave no answer") }
            if let code = json["error_code"]?.integer {
                return .refused(RegistryError(code, json["message"]?.text ?? ""))
            }
            answer = json
        }
        guard let identifier = answer["id"]?.integer else {
            return .unavailable("the registry's answer holds no identifier")
        }
        return .identifier(identifier)
    }

    static func failure(_ error: RegistryError, of request: SchemaRegistration) -> SchemaRegistrationError {
        let code: SchemaRegistrationError.Code
        switch error.status {
        case 409: code = .incompatible
        case 404 where !request.registers: code = .missing
        case 429, 500...: code = .unavailable
        default: code = .refused
        }
        return SchemaRegistrationError(
            code: code, subject: request.subject, version: version(in: error.message),
            detail: "\(error.message) (\(error.code))")
    }

    /// Confluent's registries name the version that stands against a schema: `{oldSchemaVersion: 3}`.
    private static func version(in message: String) -> Int? {
        guard let found = message.firstRange(of: "oldSchemaVersion: ") else { return nil }
        return Int(message[found.upperBound...].prefix { $0.isNumber })
    }

    /// The capture's thread waits here, and only for a table's first event: it has nothing else to do meanwhile.
    private static func wait<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
        let answer = Answer<Value>()
        Task { answer.give(await body()) }
        return answer.take()
    }

    private final class Answer<Value: Sendable>: @unchecked Sendable {
        // The condition guards the value: this is why the class is Sendable.
        private let condition = NSCondition()
        private var value: Value?

        func give(_ value: Value) {
            condition.withLock { self.value = value }
            condition.signal()
        }

        func take() -> Value {
            condition.withLock {
                while true {
                    if let value { return value }
                    condition.wait()
                }
            }
        }
    }
}
