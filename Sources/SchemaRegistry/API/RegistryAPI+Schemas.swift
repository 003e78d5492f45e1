internal import Avro
internal import SchemaStore

/// `/schemas` and what is below.
extension RegistryAPI {
    func schemas(_ request: RegistryRequest, _ store: inout RegistryStore) throws(RegistryError) -> RegistryAnswer? {
        guard request.method == .get else { return nil }
        let path = request.path
        switch (path.count > 1 ? path[1] : nil, path.count) {
        case (nil, _):
            let found = store.schemas(
                prefix: request.text("subjectPrefix") ?? QualifiedSubject.allContexts,
                latestOnly: request.flag("latestOnly"), filter: Self.filter(request))
            var entities: [JSONValue] = []
            for schema in request.page(found) { entities.append(try entity(schema, request, &store)) }
            return RegistryAnswer(.array(entities))
        case ("types", 2): return RegistryAnswer(.array(SchemaType.served.map { .string($0.rawValue) }))
        case ("ids", 3...4): return try byID(request, &store)
        case ("guids", 3):
            return RegistryAnswer(try schemaString(try store.schema(guid: path[2]), request, &store))
        case ("guids", 4) where path[3] == "ids":
            let schema = try store.schema(guid: path[2])
            let context = QualifiedSubject(schema.subject).context
            return RegistryAnswer([
                .object(JSONObject(["context": .string(context), "id": JSONValue(schema.id)]))
            ])
        default: return nil
        }
    }

    private func byID(_ request: RegistryRequest, _ store: inout RegistryStore) throws(RegistryError) -> RegistryAnswer?
    {
        let path = request.path
        guard let id = Int(path[2]) else { throw RegistryError(404, "HTTP 404 Not Found") }
        let subject = request.text("subject").map { Self.subject($0) }
        switch path.count == 4 ? path[3] : nil {
        case nil:
            let schema = try store.schema(id: id, subject: subject)
            return RegistryAnswer(try schemaString(schema, request, &store))
        case "schema":
            return RegistryAnswer(text: try text(try store.schema(id: id, subject: subject), request, &store))
        case "subjects":
            let uses = try store.uses(ofID: id, subject: subject, filter: Self.filter(request))
            let names = uses.map(\.subject).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
            return RegistryAnswer(.array(request.page(names).map(JSONValue.string)))
        case "versions":
            let uses = try store.uses(ofID: id, subject: subject, filter: Self.filter(request))
            return RegistryAnswer(
                .array(
                    request.page(uses).map {
                        .object(JSONObject(["subject": .string($0.subject), "version": JSONValue($0.version)]))
                    }))
        default: return nil
        }
    }

    private func schemaString(
        _ schema: StoredSchema, _ request: RegistryRequest, _ store: inout RegistryStore
    ) throws(RegistryError) -> JSONValue {
        let isFull = request.acceptsUnknownMembers
        return .object(
            JSONObject([
                "subject": isFull ? .string(schema.subject) : nil, "version": isFull ? JSONValue(schema.version) : nil,
                "guid": isFull ? .string(schema.fingerprint.guid) : nil,
                "schemaType": schema.type == .avro && !isFull ? nil : .string(schema.type.rawValue),
                "schema": .string(try text(schema, request, &store)),
                "references": schema.references.isEmpty ? nil : .array(schema.references.map(\.json)),
                "metadata": schema.metadata, "ruleSet": schema.ruleSet,
                "maxId": request.flag("fetchMaxId")
                    ? JSONValue(store.idMax(inContextOf: schema.subject)) : nil,
            ]))
    }
}

extension SchemaType {
    /// In the order of Confluent's answer.
    static var served: [SchemaType] {
        ["JSON", "PROTOBUF", "AVRO"].compactMap { SchemaType(rawValue: $0) }
    }
}
