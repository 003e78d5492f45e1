/// One reason why a reader's schema cannot read what a writer's schema wrote.
public struct Incompatibility: Error, Equatable, Sendable {
    public enum Kind: String, Sendable {
        case nameMismatch = "NAME_MISMATCH"
        case fixedSizeMismatch = "FIXED_SIZE_MISMATCH"
        case missingEnumSymbols = "MISSING_ENUM_SYMBOLS"
        case readerFieldMissingDefaultValue = "READER_FIELD_MISSING_DEFAULT_VALUE"
        case typeMismatch = "TYPE_MISMATCH"
        case missingUnionBranch = "MISSING_UNION_BRANCH"
    }

    public let kind: Kind
    /// A JSON pointer into the reader's schema, `/fields/0/type`.
    public let path: String
    /// The fact, as Avro's Java library words it.
    public let message: String
    /// The reader's type at the place.
    let readerType: AvroType.Index
}
