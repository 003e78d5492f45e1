internal import ChangeModel

/// What a type becomes: the schema, without the column's optionality and default, and how values are written.
struct CompiledType {
    var schema: ConnectSchema
    var form: ScalarForm
    var array: ArrayForm?
    /// What a null in a required column without a default becomes.
    var fallback: String
    /// JDBC's character types, to which masks and hashes apply.
    var isCharacter = false

    init(
        _ kind: ConnectSchema.Kind, name: String? = nil, doc: String? = nil,
        parameters: [ConnectSchema.Parameter] = [], _ form: ScalarForm, fallback: String, isCharacter: Bool = false
    ) {
        schema = ConnectSchema(
            kind, name: name, version: name == nil ? nil : 1, doc: doc, parameters: parameters)
        self.form = form
        self.fallback = fallback
        self.isCharacter = isCharacter
    }

    static func string(_ form: ScalarForm = .string, name: String? = nil, isCharacter: Bool = false) -> CompiledType {
        CompiledType(.string, name: name, form, fallback: "\"\"", isCharacter: isCharacter)
    }
}
