internal import Avro
internal import SchemaStore

/// `/subjects` and what is below.
extension RegistryAPI {
    func subjects(_ request: RegistryRequest, _ store: inout RegistryStore) throws(RegistryError) -> RegistryAnswer? {
        let path = request.path
        guard path.count > 1 else {
            guard request.method == .get else { return nil }
            let names = store.subjectNames(
                prefix: request.text("subjectPrefix") ?? QualifiedSubject.allContexts, filter: Self.filter(request))
            return RegistryAnswer(.array(request.page(names).map(JSONValue.string)))
        }
        let subject = Self.subject(path[1])
        switch (request.method, path.count > 2 ? path[2] : nil, path.count) {
        case (.post, nil, _):
            let schema = try store.lookup(
                subject, try SchemaRequest(try Self.body(request)), normalize: request.flag("normalize"),
                filter: Self.filter(request))
            return RegistryAnswer(try entity(schema, request, &store))
        case (.delete, nil, _):
            let (versions, records) = try store.deleteSubject(subject, isPermanent: request.flag("permanent"))
            return RegistryAnswer(.array(versions.map { JSONValue($0) }), records: records)
        case (.get, "metadata", 3):
            let properties = zip(request.texts("key"), request.texts("value")).map { (key: $0, value: $1) }
            let schema = try store.latest(subject, withProperties: properties, filter: Self.filter(request))
            return RegistryAnswer(try entity(schema, request, &store))
        case (.get, "versions", 3):
            let numbers = try store.versionNumbers(subject, filter: Self.filter(request))
            return RegistryAnswer(.array(request.page(numbers).map { JSONValue($0) }))
        case (.post, "versions", 3): return try register(subject, request, &store)
        case (_, "versions", 4...): return try version(subject, request, &store)
        default: return nil
        }
    }

    private func register(
        _ subject: String, _ request: RegistryRequest, _ store: inout RegistryStore
    ) throws(RegistryError) -> RegistryAnswer {
        let (schema, records) = try store.register(
            subject, try SchemaRequest(try Self.body(request)), normalize: request.flag("normalize"),
            isForced: request.flag("force"))
        var answer = JSONObject(["id": JSONValue(schema.id)])
        if request.acceptsUnknownMembers {
            answer["version"] = JSONValue(schema.version)
            answer["guid"] = .string(schema.fingerprint.guid)
            answer["schemaType"] = .string(schema.type.rawValue)
            if !schema.references.isEmpty { answer["references"] = .array(schema.references.map(\.json)) }
            answer["metadata"] = schema.metadata
            answer["ruleSet"] = schema.ruleSet
            answer["schema"] = .string(schema.text)
        }
        return RegistryAnswer(.object(answer), records: records)
    }

    private func version(
        _ subject: String, _ request: RegistryRequest, _ store: inout RegistryStore
    ) throws(RegistryError) -> RegistryAnswer? {
        let path = request.path
        let version = try VersionID(path[3])
        switch (request.method, path.count > 4 ? path[4] : nil, path.count) {
        case (.get, nil, 4):
            let schema = try store.schema(subject, version, filter: Self.filter(request))
            return RegistryAnswer(try entity(schema, request, &store))
        case (.get, "schema", 5):
            let schema = try store.schema(subject, version, filter: Self.filter(request))
            return RegistryAnswer(text: try text(schema, request, &store))
        case (.get, "referencedby", 5):
            let ids = try store.referrers(of: subject, version, filter: Self.filter(request))
            return RegistryAnswer(.array(request.page(ids).map { JSONValue($0) }))
        case (.delete, nil, 4):
            let (number, records) = try store.deleteVersion(
                subject, version, isPermanent: request.flag("permanent"))
            return RegistryAnswer(JSONValue(number), records: records)
        default: return nil
        }
    }

    static func filter(_ request: RegistryRequest) -> DeletionFilter {
        DeletionFilter(deleted: request.flag("deleted"), deletedOnly: request.flag("deletedOnly"))
    }

    /// The schema's text in the form that `format` asks for.
    func text(
        _ schema: StoredSchema, _ request: RegistryRequest, _ store: inout RegistryStore
    ) throws(RegistryError) -> String {
        guard let format = request.text("format"), !format.isEmpty else { return schema.text }
        return try store.parse(schema).text(format: format)
    }

    /// A version as clients read it. Clients of old stop at members they do not know, so those are for who says so.
    func entity(
        _ schema: StoredSchema, _ request: RegistryRequest, _ store: inout RegistryStore
    ) throws(RegistryError) -> JSONValue {
        .object(
            JSONObject([
                "subject": .string(schema.subject), "version": JSONValue(schema.version), "id": JSONValue(schema.id),
                "guid": request.acceptsUnknownMembers ? .string(schema.fingerprint.guid) : nil,
                "schemaType": schema.type == .avro && !request.acceptsUnknownMembers
                    ? nil : .string(schema.type.rawValue),
                "references": schema.references.isEmpty ? nil : .array(schema.references.map(\.json)),
                "metadata": schema.metadata, "ruleSet": schema.ruleSet,
                "schema": .string(try text(schema, request, &store)),
                "deleted": request.acceptsUnknownMembers && schema.isDeleted ? true : nil,
            ]))
    }
}
