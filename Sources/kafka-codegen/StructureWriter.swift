/// Writes one struct: its declaration, and an extension that reads and writes its bytes.
struct StructureWriter {
    let structure: Structure
    let definition: Definition
    let structures: [Structure]
    let response: String

    init(_ structure: Structure, in definition: Definition, among structures: [Structure], response: String) {
        self.structure = structure
        self.definition = definition
        self.structures = structures
        self.response = response
    }

    private var carriesRecords: Bool { structure.carriesRecords(among: structures) }
    /// The arguments that go down to a struct inside of this one.
    private static let arguments = "version: version, flexible: flexible"

    // MARK: Declarations

    func declareMessage(into writer: inout SwiftWriter) {
        let versions = definition.validVersions
        let isFlexible = !definition.flexibleVersions.isEmpty
        let flexible = isFlexible ? "version >= \(definition.flexibleVersions.lowest)" : "false"
        let kind = definition.type == .request ? "Request" : "Response"
        writer.block("public struct \(structure.name): Kafka\(kind), Sendable, Equatable") { writer in
            if definition.type == .request { writer.line("public typealias Response = \(response)") }
            writer.line("public static let apiKey: Int16 = \(definition.apiKey)")
            writer.line(
                "public static let validVersions: ClosedRange<Int16> = \(versions.lowest)...\(versions.highest)")
            writer.line(
                "public static let flexibleVersions: PartialRangeFrom<Int16>? = "
                    + (isFlexible ? "\(definition.flexibleVersions.lowest)..." : "nil"))
            declareFields(into: &writer)
            writer.line("public init() {}")
            writer.line("")
            writer.block("public init(decoding reader: inout ByteReader, version: Int16) throws(DecodeError)") {
                $0.line("try Self.check(version)")
                $0.line("try self.init(decoding: &reader, version: version, flexible: \(flexible))")
            }
            writer.line("")
            let name = "public func encode(into output: inout ByteBuffer, version: Int16"
            if carriesRecords {
                writer.block("\(name), splices: inout [RecordsSplice])") {
                    $0.line("encode(into: &output, version: version, flexible: \(flexible), splices: &splices)")
                }
                writer.line("")
                writer.block("\(name))") {
                    $0.line("var splices: [RecordsSplice] = []")
                    $0.line("encode(into: &output, version: version, splices: &splices)")
                    $0.line("precondition(splices.isEmpty, \"records that are elsewhere need somewhere to be noted\")")
                }
            } else {
                writer.block("\(name))") {
                    $0.line("encode(into: &output, version: version, flexible: \(flexible))")
                }
            }
        }
    }

    func declareNested(into writer: inout SwiftWriter) {
        writer.block("extension \(definition.name)") { writer in
            writer.block("public struct \(structure.name): Sendable, Equatable") { writer in
                declareFields(into: &writer)
                writer.line("public init() {}")
            }
        }
    }

    private func declareFields(into writer: inout SwiftWriter) {
        let isMessage = structure.name == definition.name
        if isMessage, !structure.fields.isEmpty { writer.line("") }
        for field in structure.fields {
            if let note = note(on: field) { writer.line("/// \(note)") }
            writer.line("public var \(field.identifier): \(field.swiftType) = \(field.swiftDefault)")
        }
        if isMessage || !structure.fields.isEmpty { writer.line("") }
    }

    /// In which versions the field is, where that is not all of them.
    private func note(on field: Field) -> String? {
        let versions = field.versions.intersection(structure.versions)
        if versions == structure.versions { return nil }
        if versions.lowest == versions.highest { return "Version \(versions.lowest) only." }
        if versions.highest == structure.versions.highest { return "Version \(versions.lowest) and up." }
        if versions.lowest == structure.versions.lowest { return "Up to version \(versions.highest)." }
        return "Versions \(versions.lowest) to \(versions.highest)."
    }

    // MARK: Bytes

    func implement(into writer: inout SwiftWriter) {
        let path = structure.name == definition.name ? structure.name : "\(definition.name).\(structure.name)"
        let isElement = !carriesRecords
        writer.block("extension \(path): \(isElement ? "WireElement" : "DecodableElement")") { writer in
            let minimum = max(1, structure.minimumByteCount(of: definition, among: structures))
            writer.line("static var minimumByteCount: Int { \(minimum) }")
            writer.line("")
            writer.block("init(decoding reader: inout ByteReader, version: Int16, flexible: Bool) throws(DecodeError)")
            {
                writer in
                writer.line("self.init()")
                for field in structure.fields { read(field, into: &writer) }
                readTags(into: &writer)
            }
            writer.line("")
            if isElement {
                writer.block("func encode(into output: inout ByteBuffer, version: Int16, flexible: Bool)") { writer in
                    writeFields(into: &writer)
                }
            } else {
                writer.line("func encode(")
                writer.line(
                    "    into output: inout ByteBuffer, version: Int16, flexible: Bool, splices: inout [RecordsSplice]")
                writer.block(")") { writer in writeFields(into: &writer) }
            }
        }
    }

    private func condition(_ range: VersionRange) -> String? { range.condition(within: structure.versions) }

    /// The versions in which the field stands in its place and not among the tagged ones.
    private func untagged(_ field: Field) -> VersionRange {
        guard let tag = field.tag, !field.taggedVersions.isEmpty else { return field.versions }
        precondition(
            field.taggedVersions.highest >= structure.versions.highest, "tag \(tag) ends before its struct does")
        return field.versions.intersection(VersionRange(lowest: 0, highest: field.taggedVersions.lowest - 1))
    }

    private func read(_ field: Field, into writer: inout SwiftWriter) {
        let versions = untagged(field).intersection(structure.versions)
        guard !versions.isEmpty else { return }
        writer.when(condition(versions)) { $0.line("\(field.identifier) = \(readExpression(field, in: versions))") }
    }

    private func readExpression(_ field: Field, in versions: VersionRange) -> String {
        if let integer = field.swiftInteger { return "try reader.read(\(integer).self)" }
        let flexible = "flexible: flexible"
        let allowsNull = nullCondition(field, in: versions)
        let nullable = field.isNullable ? "Nullable" : ""
        if field.isArray { return "try reader.read\(nullable)Array(\(flexible), version: version\(allowsNull))" }
        switch field.type {
        case "string", "bytes":
            let name = field.type == "string" ? "String" : "ByteArray"
            return "try reader.read\(nullable)\(name)(\(flexible)\(allowsNull))"
        case "records": return "try reader.readRecords(\(flexible))"
        case "uuid": return "try reader.readUUID()"
        case "bool": return "try reader.readBool()"
        case "float64": return "try reader.readDouble()"
        default:
            if field.isNullable { return "try reader.readNullableElement(\(Self.arguments))" }
            return "try .init(decoding: &reader, \(Self.arguments))"
        }
    }

    /// The argument that says in which of the versions null may stand, where that is not all of them.
    private func nullCondition(_ field: Field, in versions: VersionRange) -> String {
        guard field.isNullable, let condition = field.nullableVersions.condition(within: versions) else { return "" }
        return ", allowsNull: \(condition)"
    }

    private var tagged: [Field] {
        structure.fields.filter { !$0.taggedVersions.isEmpty }.sorted { ($0.tag ?? 0) < ($1.tag ?? 0) }
    }

    private func readTags(into writer: inout SwiftWriter) {
        writer.block("if flexible") { writer in
            guard !tagged.isEmpty else { return writer.line("try reader.skipTaggedFields()") }
            writer.block("for _ in 0..<(try reader.readTagCount())") { writer in
                writer.line("let (tag, end) = try reader.readTag()")
                writer.line("switch tag {")
                for field in tagged {
                    let versions = field.taggedVersions.intersection(field.versions)
                    let condition = condition(versions).map { " where \($0)" } ?? ""
                    writer.line("case \(field.tag ?? 0)\(condition):")
                    writer.line(
                        "    \(field.identifier) = \(readExpression(field, in: versions.intersection(structure.versions)))"
                    )
                }
                writer.line("default: try reader.skip(end - reader.position)")
                writer.line("}")
                writer.line("try reader.finishTag(at: end)")
            }
        }
    }

    private func writeFields(into writer: inout SwiftWriter) {
        for field in structure.fields {
            let versions = untagged(field).intersection(structure.versions)
            guard !versions.isEmpty else { continue }
            writer.when(condition(versions)) { writer in
                for line in writeLines(field, in: versions, to: "output") { writer.line(line) }
            }
        }
        writer.block("if flexible") { writer in
            guard !tagged.isEmpty else { return writer.line("output.append(varUInt: 0)") }
            writer.line("var tagCount: UInt64 = 0")
            for field in tagged {
                let condition = condition(field.taggedVersions.intersection(field.versions))
                let presence = (condition.map { [$0] } ?? []) + ["\(field.identifier) != \(field.comparedDefault)"]
                writer.line("let has\(field.name) = \(presence.joined(separator: " && "))")
                writer.line("if has\(field.name) { tagCount += 1 }")
            }
            writer.line("output.append(varUInt: tagCount)")
            for field in tagged {
                writer.block("if has\(field.name)") { writer in
                    writer.line("var field = ByteBuffer(capacity: 64)")
                    let versions = field.taggedVersions.intersection(structure.versions)
                    for line in writeLines(field, in: versions, to: "field") { writer.line(line) }
                    writer.line("output.append(tag: \(field.tag ?? 0), field)")
                }
            }
        }
    }

    private func writeLines(_ field: Field, in versions: VersionRange, to output: String) -> [String] {
        let name = field.identifier
        let flexible = "flexible: flexible"
        let allowsNull = nullCondition(field, in: versions)
        if field.swiftInteger != nil { return ["\(output).append(bigEndian: \(name))"] }
        let nested = structures.first { $0.name == field.elementType }
        if field.isArray {
            if nested?.carriesRecords(among: structures) == true {
                return [
                    "\(output).append(count: \(name).count, flexible: flexible)",
                    "for element in \(name) {",
                    "    element.encode(into: &\(output), \(Self.arguments), splices: &splices)",
                    "}",
                ]
            }
            let label = field.isNullable ? "nullableArray" : "array"
            return ["\(output).append(\(label): \(name), \(flexible), version: version\(allowsNull))"]
        }
        switch field.type {
        case "string", "bytes":
            let label = field.isNullable ? (field.type == "string" ? "nullableString" : "nullableBytes") : field.type
            return ["\(output).append(\(label): \(name), \(flexible)\(allowsNull))"]
        case "records": return ["\(output).append(records: \(name), \(flexible), splices: &splices)"]
        case "uuid": return ["\(output).append(uuid: \(name))"]
        case "bool": return ["\(output).append(bool: \(name))"]
        case "float64": return ["\(output).append(bigEndian: \(name).bitPattern)"]
        default:
            if field.isNullable { return ["\(output).append(nullableElement: \(name), \(Self.arguments))"] }
            return ["\(name).encode(into: &\(output), \(Self.arguments))"]
        }
    }
}
