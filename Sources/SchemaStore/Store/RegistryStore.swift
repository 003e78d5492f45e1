internal import Avro

/// The registry's state: what its records leave. It decides, and changes only by ``apply(_:)``; what it decides is a
/// list of records for the owner to make durable first. Not thread-safe; one owner.
public struct RegistryStore: Sendable {
    /// Versions by subject, then by number.
    var subjects: [String: [Int: StoredSchema]] = [:]
    /// Within a context: which versions have an id, and which id a schema has.
    var byID: [String: [Int: Set<SubjectVersion>]] = [:]
    var idByFingerprint: [String: [SchemaFingerprint: Int]] = [:]
    /// The highest id that a context ever gave out.
    var idMax: [String: Int] = [:]
    /// Who refers to a version.
    var referrers: [SubjectVersion: Set<SubjectVersion>] = [:]
    /// By subject, by context prefix, and under the empty text for the whole registry.
    var configs: [String: RegistryConfig] = [:]
    var modes: [String: RegistryMode] = [:]
    var contexts: Set<String> = []
    /// Parsed schemas by their fingerprint: parsing is most of what a check costs.
    var parsed: [SchemaFingerprint: ParsedSchema] = [:]
    static let parsedCountMax = 1000

    let defaultCompatibility: CompatibilityLevel

    public init(defaultCompatibility: CompatibilityLevel = .backward) {
        self.defaultCompatibility = defaultCompatibility
    }

    /// Takes a record into the state.
    public mutating func apply(_ record: RegistryRecord) {
        switch record {
        case .schema(let schema): put(schema)
        case .schemaRemoved(let key): remove(key)
        case .subjectDeleted(let key):
            for schema in (subjects[key.subject] ?? [:]).values where schema.version <= key.version {
                subjects[key.subject]?[schema.version]?.isDeleted = true
            }
        case .cleared(let subject): clear(QualifiedSubject(subject ?? ""))
        case .config(let subject, let config): configs[subject ?? ""] = config
        case .mode(let subject, let mode): modes[subject ?? ""] = mode
        case .context(let name, let exists):
            if exists { contexts.insert(name) } else { contexts.remove(name) }
        case .noop: break
        }
    }

    private mutating func put(_ schema: StoredSchema) {
        let key = SubjectVersion(subject: schema.subject, version: schema.version)
        remove(key)
        let subject = QualifiedSubject(schema.subject)
        subjects[schema.subject, default: [:]][schema.version] = schema
        byID[subject.context, default: [:]][schema.id, default: []].insert(key)
        idByFingerprint[subject.context, default: [:]][schema.fingerprint] = schema.id
        idMax[subject.context] = max(idMax[subject.context] ?? 0, schema.id)
        if !subject.isInDefaultContext { contexts.insert(subject.context) }
        for reference in schema.references { referrers[target(reference, of: subject), default: []].insert(key) }
    }

    private mutating func remove(_ key: SubjectVersion) {
        guard let schema = subjects[key.subject]?.removeValue(forKey: key.version) else { return }
        let subject = QualifiedSubject(key.subject)
        if subjects[key.subject]?.isEmpty == true { subjects[key.subject] = nil }
        byID[subject.context]?[schema.id]?.remove(key)
        if byID[subject.context]?[schema.id]?.isEmpty == true {
            byID[subject.context]?[schema.id] = nil
            idByFingerprint[subject.context]?[schema.fingerprint] = nil
        }
        for reference in schema.references {
            let referred = target(reference, of: subject)
            referrers[referred]?.remove(key)
            if referrers[referred]?.isEmpty == true { referrers[referred] = nil }
        }
    }

    /// A subject, or every subject of a context where no name is given.
    private mutating func clear(_ subject: QualifiedSubject) {
        let cleared = subjects.keys.filter {
            subject.name.isEmpty ? QualifiedSubject($0).context == subject.context : $0 == subject.text
        }
        for name in cleared {
            for version in (subjects[name] ?? [:]).keys { remove(SubjectVersion(subject: name, version: version)) }
        }
        if subject.name.isEmpty { idMax[subject.context] = nil }
    }

    /// The version that a reference means; the latest where it says so.
    func target(_ reference: SchemaReference, of referrer: QualifiedSubject) -> SubjectVersion {
        let subject = referrer.qualifying(reference.subject)
        let version = reference.version > 0 ? reference.version : latest(subject)?.version ?? -1
        return SubjectVersion(subject: subject, version: version)
    }

    /// The versions of a subject, the oldest first.
    func versions(_ subject: String, _ filter: DeletionFilter) -> [StoredSchema] {
        (subjects[subject] ?? [:]).values.filter { filter.includes($0.isDeleted) }.sorted { $0.version < $1.version }
    }

    func latest(_ subject: String) -> StoredSchema? {
        (subjects[subject] ?? [:]).values.filter { !$0.isDeleted }.max { $0.version < $1.version }
    }
}
