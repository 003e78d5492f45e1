internal import ByteCoding

/// What can stand in a message's array and be read: a struct, or a value of a basic type.
protocol DecodableElement {
    /// The fewest bytes it takes in any version.
    static var minimumByteCount: Int { get }
    init(decoding reader: inout ByteReader, version: Int16, flexible: Bool) throws(DecodeError)
}

/// What can be written without telling where records belong.
protocol WireElement: DecodableElement {
    func encode(into output: inout ByteBuffer, version: Int16, flexible: Bool)
}

extension FixedWidthInteger where Self: BitwiseCopyable {
    static var minimumByteCount: Int { MemoryLayout<Self>.size }

    init(decoding reader: inout ByteReader, version: Int16, flexible: Bool) throws(DecodeError) {
        self = try reader.read(Self.self)
    }

    func encode(into output: inout ByteBuffer, version: Int16, flexible: Bool) { output.append(bigEndian: self) }
}

extension Int8: WireElement {}
extension Int16: WireElement {}
extension Int32: WireElement {}
extension Int64: WireElement {}

extension String: WireElement {
    static var minimumByteCount: Int { 1 }

    init(decoding reader: inout ByteReader, version: Int16, flexible: Bool) throws(DecodeError) {
        self = try reader.readString(flexible: flexible)
    }

    func encode(into output: inout ByteBuffer, version: Int16, flexible: Bool) {
        output.append(string: self, flexible: flexible)
    }
}
