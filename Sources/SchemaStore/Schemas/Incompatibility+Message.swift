internal import Avro

extension Incompatibility {
    /// The finding in the form of Confluent's registry, with the schemas called by their roles in the check.
    func description(isNewSchemaReader: Bool) -> String {
        let (reader, writer) = isNewSchemaReader ? ("new", "old") : ("old", "new")
        let sentence =
            switch kind {
            case .fixedSizeMismatch:
                "The size of FIXED type field at path '\(path)' in the \(reader) schema does not match with the "
                    + "\(writer) schema"
            case .typeMismatch:
                "The type (path '\(path)') of a field in the \(reader) schema does not match with the \(writer) schema"
            case .nameMismatch: "The name of the schema has changed (path '\(path)')"
            case .missingEnumSymbols:
                "The \(reader) schema is missing enum symbols '\(message)' at path '\(path)' in the \(writer) schema"
            case .missingUnionBranch:
                "The \(reader) schema is missing a type inside a union field at path '\(path)' in the \(writer) schema"
            case .readerFieldMissingDefaultValue:
                "The field '\(message)' at path '\(path)' in the \(reader) schema has no default value and is missing "
                    + "in the \(writer) schema"
            }
        return "{errorType:'\(kind.rawValue)', description:'\(sentence)', additionalInfo:'\(message)'}"
    }
}
