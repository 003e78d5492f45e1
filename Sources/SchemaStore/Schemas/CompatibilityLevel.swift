/// How new versions of a subject must get on with older ones.
public enum CompatibilityLevel: String, Sendable, CaseIterable {
    case none = "NONE"
    /// The new schema reads data of the latest version; with `_TRANSITIVE`, of every version.
    case backward = "BACKWARD"
    case backwardTransitive = "BACKWARD_TRANSITIVE"
    /// The latest version reads data of the new schema; with `_TRANSITIVE`, every version does.
    case forward = "FORWARD"
    case forwardTransitive = "FORWARD_TRANSITIVE"
    case full = "FULL"
    case fullTransitive = "FULL_TRANSITIVE"

    var isTransitive: Bool { self == .backwardTransitive || self == .forwardTransitive || self == .fullTransitive }
    var readsOld: Bool { [.backward, .backwardTransitive, .full, .fullTransitive].contains(self) }
    var isReadByOld: Bool { [.forward, .forwardTransitive, .full, .fullTransitive].contains(self) }

    /// Checks a new schema.
    /// - Parameter previous: older versions, the newest first.
    /// - Returns: what is wrong with the first version that does not get on with it; empty where all do.
    func findings(_ schema: ParsedSchema, previous: [(version: StoredSchema, schema: ParsedSchema)]) -> [String] {
        for (version, older) in isTransitive ? previous[...] : previous.prefix(1) {
            var found: [String] = []
            if readsOld { found += schema.incompatibilities(readingDataOf: older, isNewSchemaReader: true) }
            if isReadByOld { found += older.incompatibilities(readingDataOf: schema, isNewSchemaReader: false) }
            if !found.isEmpty {
                return found + ["{oldSchemaVersion: \(version.version)}", "{oldSchema: '\(version.text)'}"]
            }
        }
        return []
    }
}
