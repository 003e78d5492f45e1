/// What a Connect schema's name becomes as a record's name.
struct AvroRecordName {
    let simple: String
    /// nil without one.
    let namespace: String?
    var full: String { namespace.map { "\($0).\(simple)" } ?? simple }

    /// A schema without a name gets AvroConverter's.
    init(_ name: String?, _ format: AvroFormat) {
        let name = name ?? "io.confluent.connect.avro.ConnectDefault"
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let adjusted = format.scrubsInvalidNames ? parts.map(Self.scrub) : parts
        simple = adjusted.last ?? ""
        namespace = adjusted.count > 1 ? adjusted.dropLast().joined(separator: ".") : nil
    }

    /// `scrub.invalid.names`: an underscore for each UTF-16 unit that Avro does not allow, and before a leading digit.
    static func scrub(_ name: String) -> String {
        let clean = NameAdjustment.map(name) { unit, _ in
            NameAdjustment.isLetter(unit) || NameAdjustment.isDigit(unit) || unit == 0x5F ? nil : "_"
        }
        guard let first = clean.utf16.first, NameAdjustment.isDigit(first) else { return clean }
        return "_" + clean
    }
}
