internal import ByteCoding

/// What stands around a payload: nothing, JsonConverter's `{"schema":…,"payload":…}`, or before it the identifier of its
/// schema.
struct PayloadFrame: Sendable {
    /// What comes before the payload.
    let opening: [UInt8]
    /// What comes after it.
    let closing: [UInt8]

    static let none = PayloadFrame(opening: [], closing: [])

    private init(opening: [UInt8], closing: [UInt8]) {
        self.opening = opening
        self.closing = closing
    }

    init(_ schema: @autoclosure () -> ConnectSchema, _ format: JSONFormat) {
        guard format.schemasEnabled else {
            self = .none
            return
        }
        var buffer = ByteBuffer(capacity: 4096)
        buffer.append("{\"schema\":")
        schema().appendJSON(to: &buffer)
        buffer.append(",\"payload\":")
        self.init(opening: buffer.array(), closing: [UInt8(ascii: "}")])
    }

    /// Confluent's wire format: a zero, and the schema's identifier in big endian.
    init(schemaIdentifier: Int32) {
        var buffer = ByteBuffer()
        buffer.append(UInt8(0))
        buffer.append(bigEndian: schemaIdentifier)
        self.init(opening: buffer.array(), closing: [])
    }
}

extension ByteBuffer {
    /// Appends `text` as a JSON string: for names and settings, never for row values.
    mutating func append(jsonString text: String) {
        let bytes = Array(text.utf8)
        append(jsonString: bytes.span)
    }
}
