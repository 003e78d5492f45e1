import Avro
import Testing

@testable import SchemaStore

/// The expected kinds of change are those that the rules of Confluent's registry give (`SchemaDiff` and its parts, the
/// version of August 2026, read rule by rule); whether each breaks compatibility is its list of compatible changes.
@Suite("Compatibility of JSON Schemas")
struct JSONSchemaTests {
    private static func changes(_ old: String, _ new: String) throws -> [JSONSchemaChange] {
        JSONSchemaDifference.changes(
            old: try JSONSchemaParser.parse(old, references: []), new: try JSONSchemaParser.parse(new, references: []))
    }

    private static func object(_ properties: String, _ more: String = "") -> String {
        #"{"type":"object","properties":{\#(properties)}\#(more)}"#
    }

    private static let a = #""a":{"type":"string"}"#
    private static let ab = #""a":{"type":"string"},"b":{"type":"integer"}"#
    private static let abDefault = #""a":{"type":"string"},"b":{"type":"integer","default":1}"#
    private static let closed = #","additionalProperties":false"#

    static let cases: [(old: String, new: String, kinds: [String], isCompatible: Bool)] = [
        (#"{"type":"string"}"#, #"{"type":"string"}"#, [], true),
        (#"{"type":"string"}"#, #"{"type":"number"}"#, ["TYPE_CHANGED"], false),
        (#"{"type":"integer"}"#, #"{"type":"number"}"#, ["TYPE_EXTENDED"], true),
        (#"{"type":"number"}"#, #"{"type":"integer"}"#, ["TYPE_NARROWED"], false),
        (#"{"type":"string"}"#, "{}", [], true), (#"{"type":"string"}"#, "true", [], true),
        ("{}", #"{"type":"string"}"#, ["TYPE_CHANGED"], false), ("false", #"{"type":"string"}"#, [], true),
        (#"{"type":"string"}"#, #"{"type":"string","maxLength":5}"#, ["MAX_LENGTH_ADDED"], false),
        (#"{"type":"string","maxLength":5}"#, #"{"type":"string"}"#, ["MAX_LENGTH_REMOVED"], true),
        (#"{"type":"string","maxLength":5}"#, #"{"type":"string","maxLength":6}"#, ["MAX_LENGTH_INCREASED"], true),
        (#"{"type":"string","maxLength":5}"#, #"{"type":"string","maxLength":4}"#, ["MAX_LENGTH_DECREASED"], false),
        (#"{"type":"string","minLength":5}"#, #"{"type":"string","minLength":6}"#, ["MIN_LENGTH_INCREASED"], false),
        (#"{"type":"string"}"#, #"{"type":"string","pattern":"a"}"#, ["PATTERN_ADDED"], false),
        (#"{"type":"string","pattern":"b"}"#, #"{"type":"string","pattern":"a"}"#, ["PATTERN_CHANGED"], false),
        (#"{"type":"number","minimum":1}"#, #"{"type":"number","minimum":0}"#, ["MINIMUM_DECREASED"], true),
        (#"{"type":"number","maximum":1}"#, #"{"type":"number","maximum":0}"#, ["MAXIMUM_DECREASED"], false),
        (
            #"{"type":"number","exclusiveMinimum":1}"#, #"{"type":"number"}"#, ["EXCLUSIVE_MINIMUM_REMOVED"], true
        ),
        (#"{"type":"number","multipleOf":10}"#, #"{"type":"number","multipleOf":5}"#, ["MULTIPLE_OF_REDUCED"], true),
        (#"{"type":"number","multipleOf":5}"#, #"{"type":"number","multipleOf":10}"#, ["MULTIPLE_OF_EXPANDED"], false),
        (#"{"type":"number","multipleOf":5}"#, #"{"type":"number","multipleOf":7}"#, ["MULTIPLE_OF_CHANGED"], false),
        (#"{"enum":["a"]}"#, #"{"enum":["a","b"]}"#, ["ENUM_ARRAY_EXTENDED"], true),
        (#"{"enum":["a","b"]}"#, #"{"enum":["a"]}"#, ["ENUM_ARRAY_NARROWED"], false),
        (#"{"enum":["a","b"]}"#, #"{"enum":["a","c"]}"#, ["ENUM_ARRAY_CHANGED"], false),
        (#"{"enum":["a","b"]}"#, #"{"enum":["b","a"]}"#, [], true),
        (#"{"type":"null"}"#, #"{"type":["null","string"]}"#, ["SUM_TYPE_EXTENDED"], true),
        (#"{"type":["null","string"]}"#, #"{"type":"null"}"#, ["TYPE_CHANGED"], false),
        (
            #"{"oneOf":[{"type":"null"},{"type":"string"}]}"#, #"{"oneOf":[{"type":"null"}]}"#, ["SUM_TYPE_NARROWED"],
            false
        ),
        (
            #"{"oneOf":[{"type":"null"},{"type":"string"}]}"#, #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#,
            ["COMBINED_TYPE_EXTENDED"], true
        ),
        (
            #"{"anyOf":[{"type":"null"},{"type":"string"}]}"#, #"{"oneOf":[{"type":"string"},{"type":"null"}]}"#,
            ["COMBINED_TYPE_CHANGED"], false
        ),
        (
            #"{"oneOf":[{"type":"null"},{"type":"string"}]}"#, #"{"oneOf":[{"type":"null"},{"type":"boolean"}]}"#,
            ["COMBINED_TYPE_SUBSCHEMAS_CHANGED"], false
        ),
        (
            #"{"allOf":[{"type":"number"},{"enum":[1]}]}"#, #"{"type":"number"}"#, ["PRODUCT_TYPE_NARROWED"], true
        ),
        (
            #"{"allOf":[{"type":"number"}]}"#, #"{"allOf":[{"type":"number"},{"enum":[1]}]}"#,
            ["PRODUCT_TYPE_EXTENDED"], false
        ),
        (
            #"{"not":{"type":"string","maxLength":5}}"#, #"{"not":{"type":"string","maxLength":4}}"#,
            ["NOT_TYPE_NARROWED"], true
        ),
        (
            #"{"not":{"type":"string","maxLength":4}}"#, #"{"not":{"type":"string","maxLength":5}}"#,
            ["NOT_TYPE_EXTENDED"], false
        ),
        (object(a), object(ab), ["OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL"], false),
        (
            object(a), object(#""a":{"type":"string"},"b":true"#),
            ["PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL"], true
        ),
        (object(a, closed), object(ab, closed), ["OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"], true),
        (
            object(a, closed), object(ab, #","required":["b"]"# + closed),
            ["REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"],
            false
        ),
        (
            object(a, closed), object(abDefault, #","required":["b"]"# + closed),
            ["REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL"], true
        ),
        (object(a), object(ab, #","required":["b"]"#), ["REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL"], false),
        (object(ab), object(a), ["PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL"], true),
        (object(ab, closed), object(a, closed), ["PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL"], false),
        (
            object(#""a":{"type":"string"},"b":false"#, closed), object(a, closed),
            ["PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL"], true
        ),
        (
            object(ab, #","additionalProperties":{"type":"integer"}"#),
            object(a, #","additionalProperties":{"type":"integer"}"#),
            ["PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"], true
        ),
        (
            object(ab, #","additionalProperties":{"type":"string"}"#),
            object(a, #","additionalProperties":{"type":"string"}"#),
            ["TYPE_CHANGED", "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"], false
        ),
        (
            object(a, #","patternProperties":{"^b":{"type":"integer"}}"#),
            object(ab, #","patternProperties":{"^b":{"type":"integer"}}"#),
            [
                "PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
                "OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL",
            ], true
        ),
        (object(a), object(a, closed), ["ADDITIONAL_PROPERTIES_REMOVED"], false),
        (object(a, closed), object(a), ["ADDITIONAL_PROPERTIES_ADDED"], true),
        (
            object(a), object(a, #","additionalProperties":{"type":"string"}"#), ["ADDITIONAL_PROPERTIES_NARROWED"],
            false
        ),
        (object(a, #","additionalProperties":{"type":"string"}"#), object(a), ["ADDITIONAL_PROPERTIES_EXTENDED"], true),
        (object(a), object(a, #","required":["a"]"#), ["REQUIRED_ATTRIBUTE_ADDED"], false),
        (object(a, #","required":["a"]"#), object(a), ["REQUIRED_ATTRIBUTE_REMOVED"], true),
        (
            object(#""a":{"type":"string","default":""}"#),
            object(#""a":{"type":"string","default":""}"#, #","required":["a"]"#),
            ["REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED"], true
        ),
        (object(a), object(a, #","maxProperties":3"#), ["MAX_PROPERTIES_ADDED"], false),
        (
            object(a, #","dependencies":{"a":["x"]}"#), object(a, #","dependencies":{"a":["x","y"]}"#),
            ["DEPENDENCY_ARRAY_EXTENDED"], false
        ),
        (object(a, #","dependentRequired":{"a":["x"]}"#), object(a), ["DEPENDENCY_ARRAY_REMOVED"], true),
        (object(#""a":{"type":"string"}"#), object(#""a":{"type":"integer"}"#), ["TYPE_CHANGED"], false),
        (
            #"{"type":"array","items":{"type":"integer"}}"#, #"{"type":"array","items":{"type":"number"}}"#,
            ["TYPE_EXTENDED"], true
        ),
        (#"{"type":"array"}"#, #"{"type":"array","items":{"type":"number"}}"#, ["SCHEMA_ADDED"], false),
        (#"{"type":"array"}"#, #"{"type":"array","uniqueItems":true}"#, ["UNIQUE_ITEMS_ADDED"], false),
        (#"{"type":"array","maxItems":1}"#, #"{"type":"array","maxItems":2}"#, ["MAX_ITEMS_INCREASED"], true),
        (
            #"{"type":"array","items":[{"type":"string"}]}"#,
            #"{"type":"array","items":[{"type":"string"},{"type":"null"}]}"#,
            ["ITEM_ADDED_TO_OPEN_CONTENT_MODEL"], false
        ),
        (
            #"{"type":"array","items":[{"type":"string"}],"additionalItems":false}"#,
            #"{"type":"array","items":[{"type":"string"},{"type":"null"}],"additionalItems":false}"#,
            ["ITEM_ADDED_TO_CLOSED_CONTENT_MODEL"], true
        ),
        (
            #"{"type":"array","prefixItems":[{"type":"string"},{"type":"null"}]}"#,
            #"{"type":"array","prefixItems":[{"type":"string"}]}"#, ["ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL"], true
        ),
        (
            ##"{"definitions":{"x":{"type":"integer"}},"$ref":"#/definitions/x"}"##,
            ##"{"$defs":{"y":{"type":"number"}},"$ref":"#/$defs/y"}"##, ["TYPE_EXTENDED"], true
        ),
        (
            ##"{"type":"object","properties":{"next":{"$ref":"#"},"v":{"type":"integer"}}}"##,
            ##"{"type":"object","properties":{"next":{"$ref":"#"},"v":{"type":"number"}}}"##, ["TYPE_EXTENDED"], true
        ),
    ]

    @Test("each change has Confluent's name, and breaks compatibility where it does there", arguments: cases)
    func changes(_ old: String, _ new: String, _ kinds: [String], _ isCompatible: Bool) throws {
        let found = try Self.changes(old, new)
        #expect(found.map(\.kind) == kinds, "\(old) to \(new)")
        #expect(found.allSatisfy(\.isCompatible) == isCompatible)
    }

    @Test("a finding names the path to the keyword")
    func paths() throws {
        let old = #"{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string"}}}}}"#
        let new = #"{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"null"}}}}}"#
        #expect(try Self.changes(old, new).map(\.path) == ["#/properties/a/properties/b"])
    }

    @Test(
        "what is no JSON Schema is refused",
        arguments: [
            "", "1", "[]", #"{"type":"text"}"#, #"{"type":1}"#, ##"{"$ref":"#/nowhere"}"##, #"{"$ref":"other.json"}"#,
            #"{"enum":1}"#, #"{"allOf":[]}"#, #"{"type":"string","maxLength":"x"}"#, #"{"properties":{"a":1}}"#,
        ])
    func invalid(_ text: String) {
        #expect(throws: SchemaError.self) { try JSONSchemaParser.parse(text, references: []) }
    }

    @Test("references to other subjects are found by their names, and by the schemas' ids")
    func references() throws {
        var registry = RegistryUnderTest()
        func register(_ subject: String, _ text: String, _ references: [SchemaReference] = []) throws -> StoredSchema {
            let request = SchemaRequest(text: text, type: .json, references: references)
            let (schema, records) = try registry.store.register(subject, request)
            registry.commit(records)
            return schema
        }
        _ = try register("inner", #"{"$id":"http://x/inner.json","type":"integer"}"#)
        let reference = SchemaReference(name: "inner.json", subject: "inner", version: 1)
        let outer = #"{"type":"object","properties":{"i":{"$ref":"inner.json"}},"additionalProperties":false}"#
        #expect(try register("outer", outer, [reference]).id == 2)
        #expect(code { _ = try register("other", outer) } == 42201)
        let changed = #"{"type":"object","properties":{"i":{"type":"number"}},"additionalProperties":false}"#
        #expect(try register("outer", changed).version == 2)
        let broken = #"{"type":"object","properties":{"i":{"type":"null"}},"additionalProperties":false}"#
        #expect(code { _ = try register("outer", broken) } == 409)
        // An Avro schema never gets on with a JSON Schema.
        #expect(code { try registry.register("outer", #""int""#) } == 409)
    }
}
