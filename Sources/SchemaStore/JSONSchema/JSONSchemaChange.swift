/// One difference between two JSON Schemas, by Confluent's name for it.
struct JSONSchemaChange: Equatable, Sendable {
    let kind: String
    /// `#/properties/a`
    let path: String

    /// Whether the newer schema still takes everything that the older one took.
    var isCompatible: Bool { Self.compatible.contains(kind) }

    private static let compatible: Set<String> = [
        "SCHEMA_REMOVED", "TYPE_EXTENDED", "MAX_LENGTH_INCREASED", "MAX_LENGTH_REMOVED", "MIN_LENGTH_DECREASED",
        "MIN_LENGTH_REMOVED", "PATTERN_REMOVED", "MAXIMUM_INCREASED", "MAXIMUM_REMOVED", "MINIMUM_DECREASED",
        "MINIMUM_REMOVED", "EXCLUSIVE_MAXIMUM_INCREASED", "EXCLUSIVE_MAXIMUM_REMOVED", "EXCLUSIVE_MINIMUM_DECREASED",
        "EXCLUSIVE_MINIMUM_REMOVED", "MULTIPLE_OF_REDUCED", "MULTIPLE_OF_REMOVED",
        "REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED", "REQUIRED_ATTRIBUTE_REMOVED", "DEPENDENCY_ARRAY_NARROWED",
        "DEPENDENCY_ARRAY_REMOVED", "DEPENDENCY_SCHEMA_REMOVED", "MAX_PROPERTIES_INCREASED", "MAX_PROPERTIES_REMOVED",
        "MIN_PROPERTIES_DECREASED", "MIN_PROPERTIES_REMOVED", "ADDITIONAL_PROPERTIES_ADDED",
        "ADDITIONAL_PROPERTIES_EXTENDED", "UNEVALUATED_PROPERTIES_ADDED", "UNEVALUATED_PROPERTIES_EXTENDED",
        "PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL",
        "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL",
        "OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL", "PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL",
        "PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL", "PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
        "PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", "MAX_ITEMS_INCREASED", "MAX_ITEMS_REMOVED",
        "MIN_ITEMS_DECREASED", "MIN_ITEMS_REMOVED", "MAX_CONTAINS_INCREASED", "MAX_CONTAINS_REMOVED",
        "MIN_CONTAINS_DECREASED", "MIN_CONTAINS_REMOVED", "UNIQUE_ITEMS_REMOVED", "ADDITIONAL_ITEMS_ADDED",
        "ADDITIONAL_ITEMS_EXTENDED", "UNEVALUATED_ITEMS_ADDED", "UNEVALUATED_ITEMS_EXTENDED",
        "ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL", "ITEM_ADDED_TO_CLOSED_CONTENT_MODEL",
        "ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL", "ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL",
        "ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
        "ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", "ENUM_ARRAY_EXTENDED", "COMBINED_TYPE_EXTENDED",
        "PRODUCT_TYPE_NARROWED", "SUM_TYPE_EXTENDED", "NOT_TYPE_NARROWED",
    ]

    /// The change in the registry's form, with the schemas called by their roles in the check.
    func description(isNewSchemaReader: Bool) -> String {
        let (reader, writer) = isNewSchemaReader ? ("new", "old") : ("old", "new")
        var text = "{errorType:\"\(kind)\", description:\"\(sentence(reader, writer))'"
        if let remedy { text += ", suggestion:'\(remedy)'" }
        return text + "}"
    }

    private var remedy: String? {
        switch kind {
        case "REQUIRED_ATTRIBUTE_ADDED", "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL":
            "give the property at \(path) a \"default\", or leave it out of \"required\""
        case "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", "REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
            "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL":
            "close the older content model with \"additionalProperties\": false before properties are added"
        case "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL":
            "keep the property, or open the content model with \"additionalProperties\": true"
        default: nil
        }
    }

    private func sentence(_ reader: String, _ writer: String) -> String {
        let place = "at path '\(path)'"
        if kind.hasPrefix("TYPE_") || kind.hasPrefix("COMBINED_TYPE") || kind == "ENUM_ARRAY_CHANGED" {
            return "A type \(place) is different between the \(reader) schema and the \(writer) schema"
        }
        if kind.contains("OPEN_CONTENT_MODEL") || kind.contains("CLOSED_CONTENT_MODEL") {
            if kind.contains("NOT_COVERED") {
                return kind.contains("REMOVED")
                    ? "A property or item is missing in the \(reader) schema but present \(place) in the \(writer) schema "
                        + "and is not covered by its partially open content model"
                    : "The \(reader) schema has a property or item \(place) which is missing in the \(writer) schema and "
                        + "is not covered by its partially open content model"
            }
            if kind.contains("REMOVED") {
                return "The \(reader) has a closed content model and is missing a property or item present \(place) in "
                    + "the \(writer) schema"
            }
            return kind.contains("UNOPEN")
                ? "The \(reader) schema has an unopen content model and has a required property \(place) which is missing "
                    + "in the \(writer) schema"
                : "The \(reader) schema has an open content model and has a property or item \(place) which is missing in "
                    + "the \(writer) schema"
        }
        if kind.hasSuffix("_NARROWED") {
            return
                "An array or combined type \(place) has fewer elements in the \(reader) schema than the \(writer) schema"
        }
        if kind == "MULTIPLE_OF_EXPANDED" || kind.hasSuffix("_INCREASED") {
            return "The value \(place) in the \(reader) schema is more than its value in the \(writer) schema"
        }
        if kind.hasSuffix("_EXTENDED") {
            return
                "An array or combined type \(place) has more elements in the \(reader) schema than the \(writer) schema"
        }
        if kind.hasSuffix("_DECREASED") {
            return "The value \(place) in the \(reader) schema is less than its value in the \(writer) schema"
        }
        if kind.hasSuffix("_CHANGED") {
            return "The value \(place) is different between the \(reader) and \(writer) schema"
        }
        return "The keyword \(place) in the \(reader) schema is not present in the \(writer) schema"
    }
}
