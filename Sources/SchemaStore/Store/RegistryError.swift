/// What the registry answers where it does not do what was asked: Confluent's codes and sentences.
public struct RegistryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The first three digits are the HTTP status.
    public let code: Int
    public let message: String
    public var description: String { message }

    public init(_ code: Int, _ message: String) {
        self.code = code
        self.message = message
    }

    public static func subjectNotFound(_ subject: String) -> Self { Self(40401, "Subject '\(subject)' not found.") }
    public static func versionNotFound(_ version: Int) -> Self { Self(40402, "Version \(version) not found.") }
    public static let schemaNotFound = Self(40403, "Schema not found")
    public static func schemaNotFound(_ id: String) -> Self { Self(40403, "Schema \(id) not found") }
    static func subjectSoftDeleted(_ subject: String) -> Self {
        Self(40404, "Subject '\(subject)' was soft deleted.Set permanent=true to delete permanently")
    }
    static func subjectNotSoftDeleted(_ subject: String) -> Self {
        Self(40405, "Subject '\(subject)' was not deleted first before being permanently deleted")
    }
    static func versionSoftDeleted(_ subject: String, _ version: Int) -> Self {
        Self(40406, "Subject '\(subject)' Version \(version) was soft deleted.Set permanent=true to delete permanently")
    }
    static func versionNotSoftDeleted(_ subject: String, _ version: Int) -> Self {
        Self(
            40407, "Subject '\(subject)' Version \(version) was not deleted first before being permanently deleted")
    }
    static func noCompatibility(_ subject: String) -> Self {
        Self(40408, "Subject '\(subject)' does not have subject-level compatibility configured")
    }
    static func noMode(_ subject: String) -> Self {
        Self(40409, "Subject '\(subject)' does not have subject-level mode configured")
    }
    static func incompatible(_ subject: String, _ details: [String]) -> Self {
        Self(
            409,
            "Schema being registered is incompatible with an earlier schema for subject \"\(subject)\", details: "
                + "[\(details.joined(separator: ", "))]")
    }
    public static func invalidSchema(_ details: String) -> Self { Self(42201, details) }
    public static func invalidVersion(_ version: String) -> Self {
        Self(
            42202,
            "The specified version '\(version)' is not a valid version id. Allowed values are between [1, 2^31-1] and "
                + "the string \"latest\"")
    }
    public static let invalidCompatibility = Self(
        42203,
        "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, "
            + "forward_transitive, and full_transitive")
    public static let invalidMode = Self(
        42204, "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.")
    static func notPermitted(_ sentence: String) -> Self { Self(42205, sentence) }
    static func referenced(_ key: SubjectVersion) -> Self {
        Self(
            42206,
            "One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=\(key.subject),"
                + "version=\(key.version)}.")
    }
    static func invalidSubject(_ subject: String) -> Self {
        Self(42208, "The specified subject '\(subject)' is not a valid.")
    }
    static func contextNotEmpty(_ context: String) -> Self {
        Self(42211, "The specified context '\(context)' is not empty.")
    }

    /// The HTTP status that goes with the code.
    public var status: Int { code < 1000 ? code : code / 100 }
}
