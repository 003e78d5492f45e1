/// Soft and hard deletion.
extension RegistryStore {
    /// - Returns: the versions that go, and what to write.
    /// - Throws: 40401, 40404 where only `isPermanent` would do anything, 40405 where the soft deletion is missing,
    ///   42205 by mode, 42206 where other schemas refer to one of the versions.
    public func deleteSubject(
        _ subject: String, isPermanent: Bool
    ) throws(RegistryError) -> (versions: [Int], records: [RegistryRecord]) {
        let all = versions(subject, .all)
        guard !all.isEmpty else { throw .subjectNotFound(subject) }
        let active = versions(subject, .active)
        if !isPermanent, active.isEmpty { throw .subjectSoftDeleted(subject) }
        try checkWritable(subject)
        let affected = isPermanent ? all : active
        for schema in affected {
            try checkUnreferenced(
                SubjectVersion(subject: subject, version: schema.version), countsDeleted: isPermanent)
        }
        let numbers = affected.map(\.version)
        guard isPermanent else {
            let mark = SubjectVersion(subject: subject, version: numbers.last ?? 0)
            return (numbers, [.subjectDeleted(mark)] + settingsRemoved(subject))
        }
        guard active.isEmpty else { throw .subjectNotSoftDeleted(subject) }
        return (
            numbers,
            numbers.reversed().map { .schemaRemoved(SubjectVersion(subject: subject, version: $0)) }
                + settingsRemoved(subject)
        )
    }

    /// - Returns: the number of the version that goes, and what to write.
    /// - Throws: as ``deleteSubject(_:isPermanent:)`` with 40402, 40406 and 40407 for the version.
    public func deleteVersion(
        _ subject: String, _ version: VersionID, isPermanent: Bool
    ) throws(RegistryError) -> (version: Int, records: [RegistryRecord]) {
        guard !versions(subject, .all).isEmpty else { throw .subjectNotFound(subject) }
        let number =
            switch version {
            case .number(let number): number
            case .latest: versions(subject, .active).last?.version ?? -1
            }
        guard var schema = subjects[subject]?[number] else { throw .versionNotFound(number) }
        if !isPermanent, schema.isDeleted { throw .versionSoftDeleted(subject, number) }
        try checkWritable(subject)
        let key = SubjectVersion(subject: subject, version: number)
        try checkUnreferenced(key, countsDeleted: isPermanent)
        guard isPermanent else {
            schema.isDeleted = true
            return (number, [.schema(schema)])
        }
        guard schema.isDeleted else { throw .versionNotSoftDeleted(subject, number) }
        let isLast = versions(subject, .all).count == 1
        return (number, [.schemaRemoved(key)] + (isLast ? settingsRemoved(subject) : []))
    }

    /// Forgets an empty context.
    public func deleteContext(_ name: String) throws(RegistryError) -> [RegistryRecord] {
        guard !subjects.keys.contains(where: { QualifiedSubject($0).context == name }) else {
            throw .contextNotEmpty(name)
        }
        return [.context(name: name, exists: false)]
    }

    private func settingsRemoved(_ subject: String) -> [RegistryRecord] {
        (modes[subject] == nil ? [] : [.mode(subject: subject, nil)])
            + (configs[subject] == nil ? [] : [.config(subject: subject, nil)])
    }

    private func checkUnreferenced(_ key: SubjectVersion, countsDeleted: Bool) throws(RegistryError) {
        let counting = (referrers[key] ?? []).filter {
            countsDeleted || subjects[$0.subject]?[$0.version]?.isDeleted == false
        }
        guard counting.isEmpty else { throw .referenced(key) }
    }
}
