/// The languages in which schemas can be registered, by the names that the registry's API gives them.
public enum SchemaType: String, Sendable, CaseIterable {
    case avro = "AVRO"
    case json = "JSON"
}
