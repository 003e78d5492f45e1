import Foundation

/// One of Kafka's message definitions.
struct Definition: Decodable {
    enum Kind: String, Decodable { case request, response }

    let apiKey: Int
    let type: Kind
    let name: String
    let validVersions: VersionRange
    let flexibleVersions: VersionRange
    let fields: [Field]
    let commonStructs: [CommonStruct]

    struct CommonStruct: Decodable {
        let name: String
        let versions: VersionRange
        let fields: [Field]
    }

    private enum Key: String, CodingKey {
        case apiKey, type, name, validVersions, flexibleVersions, fields, commonStructs
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        apiKey = try container.decode(Int.self, forKey: .apiKey)
        type = try container.decode(Kind.self, forKey: .type)
        name = try container.decode(String.self, forKey: .name)
        validVersions = try container.decode(VersionRange.self, forKey: .validVersions)
        flexibleVersions = try container.decode(VersionRange.self, forKey: .flexibleVersions)
        fields = try container.decode([Field].self, forKey: .fields)
        commonStructs = try container.decodeIfPresent([CommonStruct].self, forKey: .commonStructs) ?? []
    }

    /// Reads a definition: JSON with `//` comments.
    static func read(_ text: String) throws -> Definition {
        try JSONDecoder().decode(Definition.self, from: Data(strippingComments(text).utf8))
    }

    /// The text without what stands behind `//` outside of strings.
    static func strippingComments(_ text: String) -> String {
        var result = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var isInString = false
            var previous: Character = " "
            var kept = line[...]
            for index in line.indices {
                let character = line[index]
                if character == "\"", previous != "\\" { isInString.toggle() }
                if character == "/", previous == "/", !isInString {
                    kept = line[..<line.index(before: index)]
                    break
                }
                previous = character
            }
            result += kept + "\n"
        }
        return result
    }
}

/// A field of a definition.
struct Field: Decodable {
    let name: String
    let type: String
    let versions: VersionRange
    let nullableVersions: VersionRange
    let taggedVersions: VersionRange
    let tag: Int?
    /// As the definition writes it; nil where it leaves it out.
    let defaultValue: String?
    let fields: [Field]

    private enum Key: String, CodingKey {
        case name, type, versions, nullableVersions, taggedVersions, tag, fields
        case defaultValue = "default"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decode(String.self, forKey: .name)
        type = try container.decode(String.self, forKey: .type)
        versions = try container.decode(VersionRange.self, forKey: .versions)
        nullableVersions = try container.decodeIfPresent(VersionRange.self, forKey: .nullableVersions) ?? .none
        taggedVersions = try container.decodeIfPresent(VersionRange.self, forKey: .taggedVersions) ?? .none
        tag = try container.decodeIfPresent(Int.self, forKey: .tag)
        fields = try container.decodeIfPresent([Field].self, forKey: .fields) ?? []
        if let text = try? container.decode(String.self, forKey: .defaultValue) {
            defaultValue = text
        } else if let flag = try? container.decode(Bool.self, forKey: .defaultValue) {
            defaultValue = flag ? "true" : "false"
        } else if let number = try? container.decode(Int64.self, forKey: .defaultValue) {
            defaultValue = String(number)
        } else {
            defaultValue = nil
        }
    }

    var isArray: Bool { type.hasPrefix("[]") }
    /// The type of the field, or of the array's elements.
    var elementType: String { isArray ? String(type.dropFirst(2)) : type }
    var isNullable: Bool { !nullableVersions.isEmpty }
}

extension VersionRange: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let range = VersionRange(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no range of versions")
        }
        self = range
    }
}
