internal import Avro

/// Registering, checking and looking up schemas.
extension RegistryStore {
    /// A schema that is parsed and has the text that would be stored.
    struct Prepared {
        var parsed: ParsedSchema
        var request: SchemaRequest
        var fingerprint: SchemaFingerprint {
            SchemaFingerprint(
                text: request.text, references: request.references, metadata: request.metadata,
                ruleSet: request.ruleSet)
        }
    }

    /// Decides on a registration.
    /// - Returns: the schema with its version and id, and what to write; nothing where it is registered already.
    /// - Throws: 42205 by mode, 42201 for an invalid schema, 409 for an incompatible one.
    public mutating func register(
        _ subject: String, _ request: SchemaRequest, normalize: Bool = false, isForced: Bool = false
    ) throws(RegistryError) -> (schema: StoredSchema, records: [RegistryRecord]) {
        guard QualifiedSubject.isValid(subject, isConfigOrMode: false) else { throw .invalidSubject(subject) }
        let name = QualifiedSubject(subject)
        let mode = modeInScope(subject)
        let config = configInScope(subject)
        let active = versions(subject, .active)
        var request = request
        if mode != .import { populate(&request, config: config, previous: active.last) }
        if request.text.allSatisfy(\.isWhitespace) { throw .invalidSchema("Empty schema") }
        let isNew = request.id == nil && config.validatesNewSchemas
        let prepared = try prepare(
            request, of: name, normalize: (normalize || config.isNormalizing) && mode != .import, isNew: isNew)
        if let same = registered(prepared, in: active), request.version <= 0 || request.version == same.version,
            request.id == nil || request.id == same.id
        {
            return (same, [])
        }
        try checkMode(mode, name, isImport: request.id != nil)
        if mode != .import, !isForced {
            let findings = try findings(prepared.parsed, of: subject, config: config, previous: active, request)
            guard findings.isEmpty else { throw .incompatible(subject, findings) }
        }
        let known = versions(subject, .all)
        let next = (known.last?.version ?? 0) + 1
        guard request.version <= 0 || request.version == next || mode == .import else {
            throw .invalidSchema("Version is not one more than previous version")
        }
        let schema = StoredSchema(
            subject: name.text, version: request.version > 0 ? request.version : next,
            id: try identifier(for: prepared, in: name), type: request.type, references: prepared.request.references,
            metadata: prepared.request.metadata, ruleSet: prepared.request.ruleSet, text: prepared.request.text,
            isDeleted: false)
        var records: [RegistryRecord] = []
        if !name.isInDefaultContext, !contexts.contains(name.context) {
            records.append(.context(name: name.context, exists: true))
        }
        // A soft-deleted version of the same schema makes room for the new one.
        for old in known where old.isDeleted && old.id == schema.id && old.version < schema.version {
            let key = SubjectVersion(subject: name.text, version: old.version)
            if referrers[key] == nil { records.append(.schemaRemoved(key)) }
        }
        return (schema, records + [.schema(schema)])
    }

    /// Finds a schema under a subject.
    /// - Throws: 40401 for an unknown subject, 40403 where the subject does not have the schema.
    public mutating func lookup(
        _ subject: String, _ request: SchemaRequest, normalize: Bool = false, filter: DeletionFilter = .active
    ) throws(RegistryError) -> StoredSchema {
        guard !versions(subject, filter).isEmpty else { throw .subjectNotFound(subject) }
        let config = configInScope(subject)
        var request = request
        let name = QualifiedSubject(subject)
        let normalize = normalize || config.isNormalizing
        let candidates = versions(subject, filter)
        let prepared = try prepare(request, of: name, normalize: normalize, isNew: false)
        if let found = registered(prepared, in: candidates) { return found }
        // What the registry would have added on registration may be what tells the two apart.
        populate(&request, config: config, previous: candidates.last)
        let populated = try prepare(request, of: name, normalize: normalize, isNew: false)
        guard let found = registered(populated, in: candidates) else { throw .schemaNotFound }
        return found
    }

    /// Checks a schema against versions of a subject, or against the subject's level where none is named.
    /// - Returns: what is wrong, empty where nothing is.
    public mutating func check(
        _ subject: String, _ request: SchemaRequest, against version: VersionID?, normalize: Bool = false
    ) throws(RegistryError) -> [String] {
        var previous = versions(subject, .active)
        if let version {
            switch version {
            case .latest: previous = Array(previous.suffix(1))
            case .number(let number):
                previous.removeAll { $0.version != number }
                guard !previous.isEmpty else { throw .versionNotFound(number) }
            }
        }
        let config = configInScope(subject)
        if request.text.allSatisfy(\.isWhitespace) { throw .invalidSchema("Empty schema") }
        let prepared = try prepare(
            request, of: QualifiedSubject(subject), normalize: normalize || config.isNormalizing,
            isNew: config.validatesNewSchemas)
        return try findings(prepared.parsed, of: subject, config: config, previous: previous, request)
    }

    /// The parsed form of a stored schema.
    public mutating func parse(_ schema: StoredSchema) throws(RegistryError) -> ParsedSchema {
        let fingerprint = schema.fingerprint
        // A reference to the latest version may mean another schema tomorrow.
        let isStable = schema.references.allSatisfy { $0.version > 0 }
        if isStable, let known = parsed[fingerprint] { return known }
        let request = SchemaRequest(text: schema.text, type: schema.type, references: schema.references)
        let result = try parse(request, of: QualifiedSubject(schema.subject), isNew: false)
        if parsed.count >= Self.parsedCountMax { parsed.removeAll() }
        if isStable { parsed[fingerprint] = result }
        return result
    }

    private mutating func findings(
        _ schema: ParsedSchema, of subject: String, config: RegistryConfig, previous: [StoredSchema],
        _ request: SchemaRequest
    ) throws(RegistryError) -> [String] {
        let level = config.compatibility ?? defaultCompatibility
        var previous = previous
        if let group = config.compatibilityGroup {
            let own = request.metadata?["properties"]?[group]
            previous.removeAll { $0.metadata?["properties"]?[group] != own }
        }
        guard level != .none, !previous.isEmpty else { return [] }
        var older: [(version: StoredSchema, schema: ParsedSchema)] = []
        for version in (level.isTransitive ? previous[...] : previous.suffix(1)).reversed() {
            older.append((version, try parse(version)))
        }
        let found = level.findings(schema, previous: older)
        return found.isEmpty ? [] : found + ["{validateFields: 'false', compatibility: '\(level.rawValue)'}"]
    }

    private func checkMode(_ mode: RegistryMode, _ name: QualifiedSubject, isImport: Bool) throws(RegistryError) {
        let place = "Subject \(name.text) in context \(name.contextPrefix)"
        if mode.isReadOnly { throw .notPermitted("\(place) is in read-only mode") }
        if isImport, mode != .import { throw .notPermitted("\(place) is not in import mode") }
        if !isImport, mode != .readWrite { throw .notPermitted("\(place) is not in read-write mode") }
    }

    private func populate(_ request: inout SchemaRequest, config: RegistryConfig, previous: StoredSchema?) {
        if request.text.allSatisfy(\.isWhitespace), let previous {
            request.text = previous.text
            request.type = previous.type
            request.references = previous.references
        }
        request.metadata = Self.merged([
            config["defaultMetadata"], request.metadata ?? previous?.metadata, config["overrideMetadata"],
        ])
        request.ruleSet = Self.merged([
            config["defaultRuleSet"], request.ruleSet ?? previous?.ruleSet, config["overrideRuleSet"],
        ])
    }

    /// Maps merged by key, rules by name; the later wins.
    private static func merged(_ values: [JSONValue?]) -> JSONValue? {
        let present = values.compactMap { $0 }
        guard var result = present.first else { return nil }
        for value in present.dropFirst() { result = merged(result, value) }
        return result
    }

    private static func merged(_ a: JSONValue, _ b: JSONValue) -> JSONValue {
        switch (a, b) {
        case (.object(var members), .object(let others)):
            for other in others {
                members[other.key] = members[other.key].map { merged($0, other.value) } ?? other.value
            }
            return .object(members)
        case (.array(let items), .array(let others)):
            let names = Set(others.compactMap { $0["name"]?.text ?? $0.text })
            return .array(items.filter { !names.contains($0["name"]?.text ?? $0.text ?? "") } + others)
        default: return b
        }
    }

    private mutating func prepare(
        _ request: SchemaRequest, of name: QualifiedSubject, normalize: Bool, isNew: Bool
    ) throws(RegistryError) -> Prepared {
        var schema = try parse(request, of: name, isNew: isNew)
        var request = request
        if normalize {
            schema = schema.normalized()
            request.references.sort { ($0.name, $0.subject, $0.version) < ($1.name, $1.subject, $1.version) }
        }
        request.text = schema.canonicalText
        return Prepared(parsed: schema, request: request)
    }

    private func parse(
        _ request: SchemaRequest, of name: QualifiedSubject, isNew: Bool
    ) throws(RegistryError) -> ParsedSchema {
        var texts: [(name: String, text: String)] = []
        var seen: Set<String> = []
        try resolve(request.references, of: name, into: &texts, seen: &seen, depth: 0)
        do throws(SchemaError) {
            return try ParsedSchema(request.text, type: request.type, references: texts, isNew: isNew)
        } catch {
            throw .invalidSchema("Invalid schema of type \(request.type.rawValue), details: \(error)")
        }
    }

    /// The texts of all that is referred to, what others need before those others.
    private func resolve(
        _ references: [SchemaReference], of name: QualifiedSubject, into texts: inout [(name: String, text: String)],
        seen: inout Set<String>, depth: Int
    ) throws(RegistryError) {
        guard depth < 100 else { throw .invalidSchema("references nest deeper than 100 levels") }
        for reference in references where seen.insert(reference.name).inserted {
            let key = target(reference, of: name)
            guard let schema = subjects[key.subject]?[key.version] else {
                throw .invalidSchema(
                    "Invalid schema, details: No schema reference found for subject \"\(reference.subject)\" and "
                        + "version \(reference.version)")
            }
            try resolve(
                schema.references, of: QualifiedSubject(key.subject), into: &texts, seen: &seen, depth: depth + 1)
            texts.append((reference.name, schema.text))
        }
    }

    /// The version that has this very schema, the newest first.
    private func registered(_ prepared: Prepared, in versions: [StoredSchema]) -> StoredSchema? {
        let fingerprint = prepared.fingerprint
        return versions.last { version in
            version.type == prepared.request.type
                && (version.fingerprint == fingerprint
                    // Clients look a schema up by its text alone, and with references inlined.
                    || (prepared.request.references.isEmpty || version.references == prepared.request.references)
                        && version.text == prepared.request.text && prepared.request.metadata == nil
                        && prepared.request.ruleSet == nil)
        }
    }

    /// The id that the same schema has in the context already, else the one asked for, else the next.
    private func identifier(for prepared: Prepared, in name: QualifiedSubject) throws(RegistryError) -> Int {
        let known = idByFingerprint[name.context]?[prepared.fingerprint]
        guard let wanted = prepared.request.id else { return known ?? (idMax[name.context] ?? 0) + 1 }
        if let holder = byID[name.context]?[wanted]?.first, let held = subjects[holder.subject]?[holder.version],
            held.fingerprint != prepared.fingerprint
        {
            throw .notPermitted(
                "Overwrite new schema with id \(wanted) in context \(name.contextPrefix) is not permitted.")
        }
        return wanted
    }
}
