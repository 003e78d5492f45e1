internal import Avro

/// What clients ask.
extension RegistryStore {
    /// The names of the subjects, by context and name.
    /// - Parameter prefix: with its context; ``QualifiedSubject/allContexts`` at its beginning means every context.
    public func subjectNames(prefix: String = "", filter: DeletionFilter = .active) -> [String] {
        let matches: (QualifiedSubject) -> Bool
        if prefix.hasPrefix(QualifiedSubject.allContexts) {
            let name = String(prefix.dropFirst(QualifiedSubject.allContexts.count))
            matches = { $0.name.hasPrefix(name) }
        } else {
            let wanted = QualifiedSubject(prefix)
            matches = { $0.context == wanted.context && $0.name.hasPrefix(wanted.name) }
        }
        return subjects.keys.map { QualifiedSubject($0) }.filter(matches).sorted().map(\.text)
            .filter { !versions($0, filter).isEmpty }
    }

    /// - Throws: 40401 where the subject has no version of that kind.
    public func versionNumbers(_ subject: String, filter: DeletionFilter) throws(RegistryError) -> [Int] {
        guard !versions(subject, filter).isEmpty else { throw .subjectNotFound(subject) }
        return versions(subject, filter).map(\.version)
    }

    /// - Throws: 40401 or 40402.
    public func schema(
        _ subject: String, _ version: VersionID, filter: DeletionFilter = .active
    ) throws(RegistryError) -> StoredSchema {
        let subject = aliased(subject)
        let known = versions(subject, filter)
        guard let last = known.last else { throw .subjectNotFound(subject) }
        switch version {
        case .latest:
            guard let latest = latest(subject) ?? (filter == .active ? nil : last) else {
                throw .subjectNotFound(subject)
            }
            return latest
        case .number(let number):
            guard let found = known.first(where: { $0.version == number }) else { throw .versionNotFound(number) }
            return found
        }
    }

    /// The schema with an id.
    /// - Parameter subject: says in which context; with a name, that subject's version is preferred and, where the
    ///   default context does not know the id, the subject is looked for in the other contexts.
    /// - Throws: 40403.
    public func schema(id: Int, subject: String?) throws(RegistryError) -> StoredSchema {
        let wanted = QualifiedSubject(subject ?? "")
        func find(_ context: String) -> StoredSchema? {
            let keys = (byID[context]?[id] ?? []).sorted { ($0.subject, $0.version) < ($1.subject, $1.version) }
            let preferred = keys.last { QualifiedSubject($0.subject).name == wanted.name } ?? keys.first
            return preferred.flatMap { subjects[$0.subject]?[$0.version] }
        }
        if let found = find(wanted.context) { return found }
        if !wanted.name.isEmpty, wanted.isInDefaultContext {
            for context in contexts.sorted() where subjects[":\(context):\(wanted.name)"] != nil {
                if let found = find(context) { return found }
            }
        }
        throw .schemaNotFound(String(id))
    }

    /// The schema with a fingerprint in its UUID form, in whatever context.
    public func schema(guid: String) throws(RegistryError) -> StoredSchema {
        for versions in subjects.values {
            if let found = versions.values.first(where: { $0.fingerprint.guid == guid }) { return found }
        }
        throw .schemaNotFound(guid)
    }

    /// Where an id is used, by subject and version.
    /// - Throws: 40403 where the context does not know it.
    public func uses(ofID id: Int, subject: String?, filter: DeletionFilter) throws(RegistryError) -> [SubjectVersion] {
        let wanted = QualifiedSubject(subject ?? "")
        guard let keys = byID[wanted.context]?[id] else { throw .schemaNotFound(String(id)) }
        return keys.filter { key in
            (wanted.name.isEmpty || QualifiedSubject(key.subject).name == wanted.name)
                && subjects[key.subject]?[key.version].map { filter.includes($0.isDeleted) } == true
        }
        .sorted { ($0.subject, $0.version) < ($1.subject, $1.version) }
    }

    /// The ids of the schemas that refer to a version.
    public func referrers(
        of subject: String, _ version: VersionID, filter: DeletionFilter
    ) throws(RegistryError) -> [Int] {
        let schema = try schema(subject, version, filter: .all)
        let keys = referrers[SubjectVersion(subject: schema.subject, version: schema.version)] ?? []
        let ids = keys.compactMap { key in
            subjects[key.subject]?[key.version].flatMap { filter.includes($0.isDeleted) ? $0.id : nil }
        }
        return Set(ids).sorted()
    }

    /// All versions of the subjects with a prefix, by subject and number.
    public func schemas(prefix: String, latestOnly: Bool, filter: DeletionFilter) -> [StoredSchema] {
        subjectNames(prefix: prefix, filter: filter).flatMap { name in
            let found = versions(name, filter)
            return latestOnly ? Array(found.suffix(1)) : found
        }
    }

    /// The newest version whose metadata has these properties.
    public func latest(
        _ subject: String, withProperties properties: [(key: String, value: String)], filter: DeletionFilter
    ) throws(RegistryError) -> StoredSchema {
        let found = versions(aliased(subject), filter).last { schema in
            properties.allSatisfy { schema.metadata?["properties"]?[$0.key]?.text == $0.value }
        }
        guard let found else { throw .schemaNotFound }
        return found
    }

    /// The highest id that the subject's context ever gave out.
    public func idMax(inContextOf subject: String) -> Int { idMax[QualifiedSubject(subject).context] ?? 0 }

    /// The contexts, the default one among them.
    public var contextNames: [String] { ([QualifiedSubject.defaultContext] + contexts).sorted() }

    /// How many subjects, versions and ids there are, for metrics.
    public var counts: (subjects: Int, versions: Int, ids: Int) {
        (subjects.count, subjects.values.reduce(0) { $0 + $1.count }, byID.values.reduce(0) { $0 + $1.count })
    }

    /// The subject that an alias in its settings stands for.
    private func aliased(_ subject: String) -> String {
        guard let alias = configs[subject]?.alias else { return subject }
        return QualifiedSubject(subject).qualifying(alias)
    }
}
