public import Avro

/// Settings and modes: of a subject, else of its context, else of the registry, else the defaults.
extension RegistryStore {
    private static let globalPrefix = ":\(QualifiedSubject.globalContext):"

    /// The settings in force for a subject; nil asks for the registry's.
    public func configInScope(_ subject: String?) -> RegistryConfig {
        let base = RegistryConfig(compatibility: defaultCompatibility)
        let above = QualifiedSubject(subject ?? "").contextPrefix
        let inherited = (configs[above] ?? configs[Self.globalPrefix]).map { $0.merged(over: base) } ?? base
        guard let subject, let own = configs[subject] else { return inherited }
        return own.merged(over: (configs[""] ?? RegistryConfig()).merged(over: base))
    }

    /// The settings that were made for just this subject.
    /// - Throws: 40408 where there are none.
    public func config(_ subject: String?) throws(RegistryError) -> RegistryConfig {
        guard let config = configs[subject ?? ""] else {
            if let subject { throw .noCompatibility(subject) }
            return RegistryConfig(compatibility: defaultCompatibility)
        }
        return subject == nil ? config.merged(over: RegistryConfig(compatibility: defaultCompatibility)) : config
    }

    public func setConfig(
        _ subject: String?, _ request: JSONValue
    ) throws(RegistryError) -> (config: RegistryConfig, records: [RegistryRecord]) {
        if let level = request["compatibility"] ?? request["compatibilityLevel"], !level.isNull {
            guard let text = level.text, CompatibilityLevel(rawValue: text.uppercased()) != nil else {
                throw .invalidCompatibility
            }
        }
        try checkName(subject)
        try checkWritable(subject ?? "")
        let config = (configs[subject ?? ""] ?? RegistryConfig()).updated(by: request)
        return (config, [.config(subject: subject, config)])
    }

    /// - Returns: the settings that were there.
    public func deleteConfig(
        _ subject: String?
    ) throws(RegistryError) -> (config: RegistryConfig, records: [RegistryRecord]) {
        guard subject == nil || configs[subject ?? ""] != nil else { throw .subjectNotFound(subject ?? "") }
        try checkWritable(subject ?? "")
        return (try config(subject), [.config(subject: subject, nil)])
    }

    public func modeInScope(_ subject: String?) -> RegistryMode {
        if let subject, let mode = modes[subject] { return mode }
        return modes[QualifiedSubject(subject ?? "").contextPrefix] ?? modes[Self.globalPrefix] ?? .readWrite
    }

    /// - Throws: 40409 where no mode was set for just this subject.
    public func mode(_ subject: String?) throws(RegistryError) -> RegistryMode {
        if let mode = modes[subject ?? ""] { return mode }
        guard let subject else { return .readWrite }
        throw .noMode(subject)
    }

    /// - Parameter isForced: goes over to IMPORT although there are schemas.
    public func setMode(
        _ subject: String?, _ text: String, isForced: Bool
    ) throws(RegistryError) -> [RegistryRecord] {
        try checkName(subject)
        guard let mode = RegistryMode(rawValue: text.uppercased()) else { throw .invalidMode }
        var records: [RegistryRecord] = []
        if mode == .import, modeInScope(subject) != .import, !isForced {
            let scope = QualifiedSubject(subject ?? "")
            let names = subjects.keys.sorted().filter {
                scope.name.isEmpty ? QualifiedSubject($0).context == scope.context : $0 == subject
            }
            guard names.allSatisfy({ versions($0, .active).isEmpty }) else {
                throw .notPermitted("Cannot import since found existing subjects")
            }
            for name in names {
                for schema in versions(name, .all) {
                    let key = SubjectVersion(subject: name, version: schema.version)
                    guard referrers[key] == nil else { throw .referenced(key) }
                    records.append(.schemaRemoved(key))
                }
            }
            records.append(.cleared(subject: subject))
        }
        return records + [.mode(subject: subject, mode)]
    }

    /// - Parameter isRecursive: takes the modes of the context's subjects back as well.
    public func deleteMode(
        _ subject: String?, isRecursive: Bool
    ) throws(RegistryError) -> (mode: RegistryMode?, records: [RegistryRecord]) {
        let own = modes[subject ?? ""]
        guard own != nil || isRecursive || subject == nil else { throw .subjectNotFound(subject ?? "") }
        var records: [RegistryRecord] = [.mode(subject: subject, nil)]
        let scope = QualifiedSubject(subject ?? "")
        if isRecursive, scope.name.isEmpty {
            let below = modes.keys.filter { $0 != subject ?? "" && QualifiedSubject($0).context == scope.context }
            records += below.sorted().map { .mode(subject: $0, nil) }
        }
        return (own ?? (subject == nil ? .readWrite : nil), records)
    }

    func checkWritable(_ subject: String) throws(RegistryError) {
        guard !modeInScope(subject).isReadOnly else {
            let context = QualifiedSubject(subject).contextPrefix
            throw .notPermitted("Subject \(subject) in context \(context) is in read-only mode")
        }
    }

    private func checkName(_ subject: String?) throws(RegistryError) {
        if let subject, !QualifiedSubject.isValid(subject, isConfigOrMode: true) { throw .invalidSubject(subject) }
    }
}
