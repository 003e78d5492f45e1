/// How names become valid Avro names, as Debezium's `schema.name.adjustment.mode` and `field.name.adjustment.mode` do it.
///
/// Both work on UTF-16 units. `avro` puts an underscore for what Avro does not allow; `avro_unicode` puts `_u` and the
/// unit's hexadecimal digits, and does so for the underscore too, so that the original can be had back.
extension NameAdjustment {
    /// A schema's full name, whose parts are separated by dots.
    func adjust(schemaName name: String) -> String {
        switch self {
        case .none: name
        case .avro:
            Self.map(name) { unit, isFirst in
                if Self.isLetter(unit) || unit == Self.underscore { return nil }
                if !isFirst, Self.isDigit(unit) || unit == Self.dot { return nil }
                return "_"
            }
        case .avroUnicode:
            Self.map(name) { unit, isFirst in
                if Self.isLetter(unit) { return nil }
                if !isFirst, Self.isDigit(unit) || unit == Self.dot { return nil }
                return Self.escape(unit)
            }
        }
    }

    /// A field's name.
    func adjust(fieldName name: String) -> String {
        switch self {
        case .none: name
        case .avro:
            Self.map(name) { unit, isFirst in
                if Self.isDigit(unit) { return isFirst ? "_\(UnicodeScalar(UInt8(unit)))" : nil }
                return Self.isLetter(unit) || unit == Self.underscore ? nil : "_"
            }
        case .avroUnicode:
            Self.map(name) { unit, isFirst in
                Self.isLetter(unit) || (!isFirst && Self.isDigit(unit)) ? nil : Self.escape(unit)
            }
        }
    }

    /// Replaces each UTF-16 unit for which `replacement` gives a text.
    static func map(_ name: String, _ replacement: (UInt16, _ isFirst: Bool) -> String?) -> String {
        var units: [UInt16] = []
        var isFirst = true
        for unit in name.utf16 {
            if let text = replacement(unit, isFirst) {
                units.append(contentsOf: text.utf16)
            } else {
                units.append(unit)
            }
            isFirst = false
        }
        return String(decoding: units, as: UTF16.self)
    }

    static func isLetter(_ unit: UInt16) -> Bool { (0x41...0x5A).contains(unit) || (0x61...0x7A).contains(unit) }
    static func isDigit(_ unit: UInt16) -> Bool { (0x30...0x39).contains(unit) }
    private static let underscore: UInt16 = 0x5F
    private static let dot: UInt16 = 0x2E

    /// Debezium pads only what has one or two digits, with two zeros.
    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return digits.count <= 2 ? "_u00" + digits : "_u" + digits
    }
}
