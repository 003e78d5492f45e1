internal import Avro
public import SchemaStore

/// The REST API of Confluent's Schema Registry: a request and the state in, an answer and the records to write out.
public struct RegistryAPI: Sendable {
    /// What `/v1/metadata` tells of the server.
    public struct Identity: Sendable {
        public var clusterID: String
        public var version: String
        public init(clusterID: String, version: String) {
            self.clusterID = clusterID
            self.version = version
        }
    }

    let identity: Identity

    public init(identity: Identity) { self.identity = identity }

    /// Answers a request. The answer's records are not in the state yet.
    public func answer(_ request: RegistryRequest, _ store: inout RegistryStore) -> RegistryAnswer {
        do throws(RegistryError) {
            guard let answer = try route(request, &store) else {
                throw RegistryError(
                    isKnown(request.path) ? 405 : 404,
                    isKnown(request.path) ? "HTTP 405 Method Not Allowed" : "HTTP 404 Not Found")
            }
            return answer
        } catch {
            return RegistryAnswer(error)
        }
    }

    private func isKnown(_ path: [String]) -> Bool {
        switch path.first {
        case nil: true
        case "subjects", "schemas", "compatibility", "config", "mode", "contexts": path.count <= 5
        default: false
        }
    }

    private func route(
        _ request: RegistryRequest, _ store: inout RegistryStore
    ) throws(RegistryError) -> RegistryAnswer? {
        // `/contexts/name/…` puts a context in front of the subjects of the rest of the path.
        if request.path.first == "contexts", request.path.count > 2 {
            return try route(try inContext(request), &store)
        }
        switch request.path.first {
        case nil: return request.method == .get ? RegistryAnswer(.object(JSONObject())) : nil
        case "subjects": return try subjects(request, &store)
        case "schemas": return try schemas(request, &store)
        case "compatibility": return try compatibility(request, &store)
        case "config": return try config(request, store)
        case "mode": return try mode(request, store)
        case "contexts": return try contexts(request, store)
        case "v1": return metadata(request)
        default: return nil
        }
    }

    private func inContext(_ request: RegistryRequest) throws(RegistryError) -> RegistryRequest {
        let name = request.path[1].hasPrefix(".") ? request.path[1] : "." + request.path[1]
        guard let inner = request.moved(intoContext: name) else { throw RegistryError(404, "HTTP 404 Not Found") }
        return inner
    }

    private func contexts(_ request: RegistryRequest, _ store: RegistryStore) throws(RegistryError) -> RegistryAnswer? {
        switch (request.method, request.path.count) {
        case (.get, 1): return RegistryAnswer(.array(request.page(store.contextNames).map(JSONValue.string)))
        case (.delete, 2):
            let name = QualifiedSubject(":" + request.path[1] + ":").context
            return RegistryAnswer(.null, records: try store.deleteContext(name))
        default: return nil
        }
    }

    private func metadata(_ request: RegistryRequest) -> RegistryAnswer? {
        switch (request.method, request.path.dropFirst().joined(separator: "/")) {
        case (.get, "metadata/id"):
            let clusters = JSONObject([
                "kafka-cluster": .string(identity.clusterID), "schema-registry-cluster": "schema-registry",
            ])
            return RegistryAnswer(
                .object(
                    JSONObject([
                        "scope": .object(JSONObject(["path": [], "clusters": .object(clusters)])), "id": "",
                    ])))
        case (.get, "metadata/version"):
            return RegistryAnswer(.object(JSONObject(["version": .string(identity.version), "commitId": ""])))
        default: return nil
        }
    }

    // MARK: Settings

    private func config(_ request: RegistryRequest, _ store: RegistryStore) throws(RegistryError) -> RegistryAnswer? {
        guard request.path.count <= 2 else { return nil }
        let subject = Self.scope(request)
        switch request.method {
        case .get:
            let config = request.flag("defaultToGlobal") ? store.configInScope(subject) : try store.config(subject)
            return RegistryAnswer(.object(config.json))
        case .put:
            let (config, records) = try store.setConfig(subject, try Self.body(request))
            var answer = JSONObject()
            for member in config.json {
                answer[member.key == "compatibilityLevel" ? "compatibility" : member.key] = member.value
            }
            return RegistryAnswer(.object(answer), records: records)
        case .delete:
            let (config, records) = try store.deleteConfig(subject)
            return RegistryAnswer(.object(config.json), records: records)
        case .post: return nil
        }
    }

    private func mode(_ request: RegistryRequest, _ store: RegistryStore) throws(RegistryError) -> RegistryAnswer? {
        guard request.path.count <= 2 else { return nil }
        let subject = Self.scope(request)
        switch request.method {
        case .get:
            let mode = request.flag("defaultToGlobal") ? store.modeInScope(subject) : try store.mode(subject)
            return RegistryAnswer(Self.json(mode))
        case .put:
            let text = try Self.body(request)["mode"]?.text ?? ""
            let records = try store.setMode(subject, text, isForced: request.flag("force"))
            return RegistryAnswer(.object(JSONObject(["mode": .string(text.uppercased())])), records: records)
        case .delete:
            let (mode, records) = try store.deleteMode(subject, isRecursive: request.flag("recursive"))
            return RegistryAnswer(Self.json(mode), records: records)
        case .post: return nil
        }
    }

    private static func json(_ mode: RegistryMode?) -> JSONValue {
        .object(JSONObject(["mode": mode.map { .string($0.rawValue) }]))
    }

    // MARK: Compatibility

    private func compatibility(
        _ request: RegistryRequest, _ store: inout RegistryStore
    ) throws(RegistryError) -> RegistryAnswer? {
        let path = request.path
        guard request.method == .post, path.count == 4 || path.count == 5, path[1] == "subjects", path[3] == "versions"
        else { return nil }
        let version = path.count == 5 ? try VersionID(path[4]) : nil
        let isVerbose = request.flag("verbose")
        let schema = try SchemaRequest(try Self.body(request))
        var findings: [String]
        do throws(RegistryError) {
            findings = try store.check(
                Self.subject(path[2]), schema, against: version, normalize: request.flag("normalize"))
        } catch {
            guard isVerbose, error.code == 42201 else { throw error }
            findings = [error.message]
        }
        return RegistryAnswer(
            .object(
                JSONObject([
                    "is_compatible": .bool(findings.isEmpty),
                    "messages": isVerbose ? .array(findings.map(JSONValue.string)) : nil,
                ])))
    }

    // MARK: Helpers

    static func body(_ request: RegistryRequest) throws(RegistryError) -> JSONValue {
        guard let body = request.body, body.object != nil else {
            throw RegistryError(422, "the request must have a JSON object as its body")
        }
        return body
    }

    static func subject(_ text: String) -> String { QualifiedSubject(text).text }

    /// What settings are for: a subject, a context, or nil for everything.
    private static func scope(_ request: RegistryRequest) -> String? {
        guard request.path.count == 2 else { return nil }
        let text = subject(request.path[1])
        return text.isEmpty ? nil : text
    }
}
