/// What may be done with a subject.
public enum RegistryMode: String, Sendable, CaseIterable {
    case readWrite = "READWRITE"
    case readOnly = "READONLY"
    case readOnlyOverride = "READONLY_OVERRIDE"
    /// Schemas are registered with ids that the client chooses, without checks.
    case `import` = "IMPORT"

    var isReadOnly: Bool { self == .readOnly || self == .readOnlyOverride }
}
