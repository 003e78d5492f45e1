internal import AsyncHTTPClient
public import Avro
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
public import SchemaStore
internal import Synchronization

/// Talks to any Confluent-compatible registry. Schemas and ids, which never change once given, are remembered.
///
/// Safe to use from any task. ``close()`` gives the connections up; a client must not go away without it.
public final class SchemaRegistryClient: Sendable {
    private struct Cache {
        var textByID: [Int: JSONValue] = [:]
        var idByText: [String: Int] = [:]
    }

    private let settings: RegistryClientSettings
    private let http: HTTPClient
    private let cache = Mutex(Cache())
    private let preferredURL = Mutex(0)

    /// - Throws: ``RegistryClientError/invalidSettings(_:)`` for a URL or a file that cannot be used.
    public init(_ settings: RegistryClientSettings) throws(RegistryClientError) {
        guard !settings.urls.isEmpty else { throw .invalidSettings("'schema.registry.url' names no registry") }
        for url in settings.urls where !url.hasPrefix("http://") && !url.hasPrefix("https://") {
            throw .invalidSettings("'schema.registry.url' must begin with http:// or https://")
        }
        self.settings = settings
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(10)
        // Trying again is decided here, over all the URLs.
        configuration.connectionPool.retryConnectionEstablishment = false
        do { configuration.tlsConfiguration = try Self.tls(settings) } catch {
            throw .invalidSettings("the TLS files of the schema registry's client cannot be read: \(error)")
        }
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func tls(_ settings: RegistryClientSettings) throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let roots = settings.trustRoots { tls.trustRoots = .file(roots) }
        if let chain = settings.certificateChain, let key = settings.privateKey {
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(chain).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        }
        return tls
    }

    public func close() async { try? await http.shutdown() }

    // MARK: What converters need

    /// Registers a schema, or finds it registered, and returns its id.
    public func register(
        subject: String, schema: SchemaRequest, normalize: Bool = false
    ) async throws(RegistryClientError) -> Int {
        let key = "\(subject)\u{0}\(schema.type.rawValue)\u{0}\(schema.text)"
        let isPlain = schema.references.isEmpty && schema.metadata == nil && schema.ruleSet == nil && schema.id == nil
        if isPlain, let id = cache.withLock({ $0.idByText[key] }) { return id }
        let answer = try await send(
            "POST", "/subjects/\(Self.escape(subject))/versions\(normalize ? "?normalize=true" : "")", schema.json)
        guard let id = answer["id"]?.integer else { throw .malformedAnswer("a registration without an id") }
        if isPlain {
            cache.withLock { cache in
                if cache.idByText.count >= settings.cacheCountMax { cache.idByText.removeAll() }
                cache.idByText[key] = id
            }
        }
        return id
    }

    /// The schema with an id: an object with `schema` and, unless it is Avro, `schemaType`.
    public func schema(id: Int, subject: String? = nil) async throws(RegistryClientError) -> JSONValue {
        if let known = cache.withLock({ $0.textByID[id] }) { return known }
        let query = subject.map { "?subject=\(Self.escape($0))" } ?? ""
        let answer = try await send("GET", "/schemas/ids/\(id)\(query)", nil)
        guard answer["schema"]?.text != nil else { throw .malformedAnswer("a schema without its text") }
        cache.withLock { cache in
            if cache.textByID.count >= settings.cacheCountMax { cache.textByID.removeAll() }
            cache.textByID[id] = answer
        }
        return answer
    }

    // MARK: Any request

    /// Sends a request and returns the answer's JSON; tries again, and at the next URL, while none answers.
    /// - Parameter path: escaped, with its query.
    @discardableResult
    public func send(
        _ method: String, _ path: String, _ body: JSONValue?
    ) async throws(RegistryClientError) -> JSONValue {
        var last = RegistryClientError.unreachable("nothing was tried")
        for attempt in 0...settings.retryCountMax {
            if attempt > 0 {
                let pause = settings.retryDelay * (1 << min(attempt - 1, 5))
                do { try await Task.sleep(for: pause) } catch { throw .unreachable("the wait was cancelled") }
            }
            for _ in settings.urls {
                let number = preferredURL.withLock { $0 }
                do throws(RegistryClientError) {
                    return try await sendOnce(method, settings.urls[number] + path, body)
                } catch {
                    guard error.isRetriable else { throw error }
                    last = error
                    preferredURL.withLock { $0 = (number + 1) % settings.urls.count }
                }
            }
        }
        throw last
    }

    private func sendOnce(
        _ method: String, _ url: String, _ body: JSONValue?
    ) async throws(RegistryClientError) -> JSONValue {
        var request = HTTPClientRequest(url: url)
        request.method = NIOHTTP1.HTTPMethod(rawValue: method)
        request.headers.add(name: "Accept", value: "application/vnd.schemaregistry.v1+json, application/json")
        if let userInfo = settings.userInfo {
            let encoded = Data(userInfo.utf8).base64EncodedString()
            request.headers.add(name: "Authorization", value: "Basic \(encoded)")
        } else if let token = settings.bearerToken {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/vnd.schemaregistry.v1+json")
            request.body = .bytes(NIOCore.ByteBuffer(string: body.description))
        }
        let status: Int
        let bytes: [UInt8]
        do {
            let response = try await http.execute(request, timeout: .seconds(settings.requestTimeoutSeconds))
            status = Int(response.status.code)
            bytes = Array(try await response.body.collect(upTo: 64 << 20).readableBytesView)
        } catch { throw .unreachable("\(method) \(url): \(error)") }
        let answer = try? JSONValue(parsing: bytes)
        guard status < 300 else {
            let code = answer?["error_code"]?.integer ?? status
            throw .refused(RegistryError(code, answer?["message"]?.text ?? "HTTP status \(status)"))
        }
        if bytes.isEmpty { return .null }
        guard let answer else { throw .malformedAnswer("\(method) \(url) was not answered with JSON") }
        return answer
    }

    /// A subject as one part of a path.
    public static func escape(_ text: String) -> String {
        text.utf8.reduce(into: "") { escaped, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
    }
}
