/// The name of a record, an enum or a fixed: a simple name and, perhaps, a namespace.
public struct AvroName: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    /// nil where there is none; never empty.
    public let namespace: String?

    /// - Parameter name: with dots, its last part is the name and the rest the namespace.
    /// - Parameter namespace: where `name` has no dots.
    public init(_ name: String, namespace: String? = nil) {
        if let dot = name.lastIndex(of: ".") {
            self.name = String(name[name.index(after: dot)...])
            let space = String(name[..<dot])
            self.namespace = space.isEmpty ? nil : space
        } else {
            self.name = name
            self.namespace = namespace?.isEmpty == true ? nil : namespace
        }
    }

    public var fullName: String { namespace.map { "\($0).\(name)" } ?? name }
    public var description: String { fullName }

    /// The name as a text inside `enclosing` may write it. A name that equals a primitive type's is written in full.
    func qualified(in enclosing: String?) -> String {
        guard namespace == enclosing, !Self.reserved.contains(name) else { return fullName }
        return name
    }

    /// A name begins with a letter or an underscore; letters, digits and underscores follow.
    static func validate(_ name: String) throws(SchemaError) {
        guard let first = name.unicodeScalars.first else { throw SchemaError("Empty name") }
        guard first == "_" || first.properties.isAlphabetic else {
            throw SchemaError("Illegal initial character: \(name)")
        }
        let isValid = name.unicodeScalars.allSatisfy {
            $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType == .decimal
        }
        guard isValid else { throw SchemaError("Illegal character in: \(name)") }
    }

    private static let reserved: Set<String> = [
        "null", "boolean", "int", "long", "float", "double", "bytes", "string", "record", "enum", "array", "map",
        "union",
        "fixed",
    ]
}
