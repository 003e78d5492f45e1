/// A struct to be written: a message or one that stands inside of it.
struct Structure {
    let name: String
    /// The versions in which it can occur at all.
    let versions: VersionRange
    let fields: [Field]

    /// The message first, then those inside of it in the order of the definition; fields that occur in none of the
    /// versions are left out.
    static func all(of definition: Definition) -> [Structure] {
        var result: [Structure] = []
        func add(_ name: String, _ versions: VersionRange, _ fields: [Field]) {
            let fields = fields.filter { !$0.versions.intersection(versions).isEmpty }
            result.append(Structure(name: name, versions: versions, fields: fields))
            for field in fields where !field.fields.isEmpty {
                add(field.elementType, versions.intersection(field.versions), field.fields)
            }
        }
        add(definition.name, definition.validVersions, definition.fields)
        for common in definition.commonStructs {
            add(common.name, definition.validVersions.intersection(common.versions), common.fields)
        }
        return result
    }

    /// Whether records stand in it or in a struct inside of it.
    func carriesRecords(among structures: [Structure]) -> Bool {
        fields.contains { field in
            field.type == "records"
                || structures.first { $0.name == field.elementType }?.carriesRecords(among: structures) == true
        }
    }

    /// The fewest bytes it takes in any version: what bounds the count of an array before memory is taken for it.
    func minimumByteCount(of definition: Definition, among structures: [Structure]) -> Int {
        let versions = versions.lowest...versions.highest
        return versions.map { byteCountMin(in: $0, of: definition, among: structures) }.min() ?? 1
    }

    private func byteCountMin(in version: Int, of definition: Definition, among structures: [Structure]) -> Int {
        let isFlexible = definition.flexibleVersions.contains(version)
        var count = isFlexible ? 1 : 0
        for field in fields where field.versions.contains(version) && !field.taggedVersions.contains(version) {
            if let structure = structures.first(where: { $0.name == field.type }) {
                count +=
                    field.isNullable ? 1 : structure.byteCountMin(in: version, of: definition, among: structures)
            } else if field.isArray || ["bytes", "records"].contains(field.type) {
                count += isFlexible ? 1 : 4
            } else if field.type == "string" {
                count += isFlexible ? 1 : 2
            } else {
                count += ["int16": 2, "int32": 4, "int64": 8, "float64": 8, "uuid": 16][field.type] ?? 1
            }
        }
        return count
    }
}
