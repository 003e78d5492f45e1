internal import Avro
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SchemaStore

/// HTTP around the registry: who asks, the body's JSON, the content types, the status.
struct RegistryResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private static let v1 = "application/vnd.schemaregistry.v1+json"

    let service: RegistryService
    let credentials: BasicCredentials
    let bodyByteCountMax: Int

    func respond(to request: Request, context: Context) async throws -> Response {
        let isV1 = Self.prefersV1(request.headers[.accept])
        guard credentials.admits(request.headers[.authorization]) else {
            var response = Self.response(
                RegistryAnswer(RegistryError(401, "the user is unknown or the password is wrong")), isV1: isV1)
            response.headers[.wwwAuthenticate] = "Basic realm=\"schema-registry\""
            return response
        }
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: bodyByteCountMax).readableBytesView)
        } catch is NIOTooManyBytesError {
            return Self.response(
                RegistryAnswer(RegistryError(413, "the body is larger than \(bodyByteCountMax) bytes")), isV1: isV1)
        }
        return Self.response(await answer(request, body), isV1: isV1)
    }

    private func answer(_ request: Request, _ body: [UInt8]) async -> RegistryAnswer {
        var json: JSONValue?
        if !body.isEmpty {
            do throws(JSONError) { json = try JSONValue(parsing: body) } catch {
                return RegistryAnswer(RegistryError(400, "\(error)"))
            }
        }
        guard let method = RegistryRequest.Method(rawValue: request.method.rawValue) else {
            return RegistryAnswer(RegistryError(405, "HTTP 405 Method Not Allowed"))
        }
        let acceptsUnknown = HTTPField.Name("X-Confluent-Accept-Unknown-Properties").flatMap { request.headers[$0] }
        let decoded = RegistryRequest(
            method: method, target: request.head.path ?? "/", body: json,
            acceptsUnknownMembers: acceptsUnknown?.lowercased() == "true")
        guard let decoded else {
            return RegistryAnswer(RegistryError(400, "a percent escape in the path or the query is malformed"))
        }
        return await service.answer(decoded)
    }

    /// The registry's own type unless the client asks for plain JSON only.
    private static func prefersV1(_ accept: String?) -> Bool {
        guard let accept else { return true }
        return accept.contains("vnd.schemaregistry") || accept.contains("*/*") || !accept.contains("application/json")
    }

    private static func response(_ answer: RegistryAnswer, isV1: Bool) -> Response {
        let text =
            switch answer.body {
            case .json(let value): value.description
            case .text(let text): text
            }
        var buffer = NIOCore.ByteBufferAllocator().buffer(capacity: text.utf8.count)
        buffer.writeString(text)
        var headers = HTTPFields()
        headers[.contentType] = isV1 ? v1 : "application/json"
        return Response(
            status: .init(code: answer.status), headers: headers, body: ResponseBody(byteBuffer: buffer))
    }
}
