internal import ByteCoding

/// What stands around a payload: nothing, or JsonConverter's `{"schema":…,"payload":…}`.
struct JSONFrame: Sendable {
    /// What comes before the payload.
    let opening: [UInt8]
    /// What comes after it.
    let closing: [UInt8]

    init(_ schema: @autoclosure () -> ConnectSchema, _ format: JSONFormat) {
        guard format.schemasEnabled else {
            opening = []
            closing = []
            return
        }
        var buffer = ByteBuffer(capacity: 4096)
        buffer.append("{\"schema\":")
        schema().appendJSON(to: &buffer)
        buffer.append(",\"payload\":")
        opening = buffer.array()
        closing = [UInt8(ascii: "}")]
    }
}

extension ByteBuffer {
    /// Appends `text` as a JSON string: for names and settings, never for row values.
    mutating func append(jsonString text: String) {
        let bytes = Array(text.utf8)
        append(jsonString: bytes.span)
    }
}
