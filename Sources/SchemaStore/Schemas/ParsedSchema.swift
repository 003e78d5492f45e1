public import Avro

/// A schema of any language, parsed.
public enum ParsedSchema: Sendable {
    case avro(AvroSchema)
    case json(JSONSchema)

    /// - Parameters:
    ///   - references: the texts of the referenced schemas by the name the schema gives them, each after what it needs.
    ///   - isNew: checks what only new schemas must keep, such as defaults that fit.
    public init(
        _ text: String, type: SchemaType, references: [(name: String, text: String)], isNew: Bool
    ) throws(SchemaError) {
        switch type {
        case .avro:
            self = .avro(
                try AvroSchema(parsing: text, references: references.map(\.text), validatesDefaults: isNew))
        case .json: self = .json(try JSONSchemaParser.parse(text, references: references))
        }
    }

    /// What the registry stores and answers.
    public var canonicalText: String {
        switch self {
        case .avro(let schema): schema.description
        case .json(let schema): schema.document.description
        }
    }

    /// The schema in the spelling that `normalize` asks for.
    public func normalized() -> ParsedSchema {
        switch self {
        case .avro(let schema): .avro(schema.normalized())
        case .json(let schema): .json(schema.normalized())
        }
    }

    /// The text under a `format` of the API; an unknown one is the canonical text, as at Confluent's.
    public func text(format: String) -> String {
        switch (self, format) {
        case (.avro(let schema), "resolved"): schema.resolvedText
        default: canonicalText
        }
    }

    /// What keeps this schema from reading data of `writer`, as messages of Confluent's registry with remedies of ours.
    /// - Parameter isNewSchemaReader: whether the schema under test reads, else it writes: the words say which is which.
    func incompatibilities(readingDataOf writer: ParsedSchema, isNewSchemaReader: Bool) -> [String] {
        switch (self, writer) {
        case (.avro(let reader), .avro(let writer)):
            AvroCompatibility.incompatibilities(reader: reader, writer: writer).map { finding in
                let text = finding.description(isNewSchemaReader: isNewSchemaReader)
                guard let remedy = reader.remedy(for: finding) else { return text }
                return String(text.dropLast()) + ", suggestion:'\(remedy)'}"
            }
        case (.json(let reader), .json(let writer)):
            JSONSchemaDifference.changes(old: writer, new: reader).filter { !$0.isCompatible }
                .map { $0.description(isNewSchemaReader: isNewSchemaReader) }
        default: ["Incompatible because of different schema type"]
        }
    }
}
