internal import ByteCoding

/// `unavailable.value.placeholder`: what stands for a TOASTed value that a change did not touch, in the form each type
/// has for it.
struct UnavailableValue {
    private let bytes: [UInt8]

    /// - Parameter placeholder: the property's value; `hex:` introduces bytes.
    init(placeholder: String) {
        let text = Array(placeholder.utf8)
        let prefix = Array("hex:".utf8)
        if text.starts(with: prefix) {
            var decoded = ByteBuffer(capacity: text.count)
            do throws(ValueProblem) {
                try BinaryText.decode(hex: text.span.extracting(prefix.count..<text.count), to: &decoded)
                bytes = decoded.array()
            } catch {
                bytes = text
            }
        } else {
            bytes = text
        }
    }

    /// The placeholder's JSON for a column, or nil where Debezium has none and leaves the field unset.
    /// - Parameter typeName: the column's own type; a domain has its own name and only the common forms.
    func json(typeName: String, compiled: CompiledType) -> [UInt8]? {
        var buffer = ByteBuffer(capacity: bytes.count * 4 + 16)
        switch (typeName, compiled.schema.kind) {
        case ("_text", .array), ("_varchar", .array), ("_bpchar", .array), ("_json", .array), ("_jsonb", .array):
            buffer.append("[")
            buffer.append(jsonString: text.span)
            buffer.append("]")
        case ("_bytea", .array(let items)):
            guard items.kind == .bytes else { return nil }
            buffer.append("[\"")
            buffer.append(base64: bytes.span)
            buffer.append("\"]")
        case ("_int4", .array), ("_int8", .array): appendNumbers(to: &buffer)
        case ("_date", .array(let items)):
            guard items.name == "io.debezium.time.Date" else { return nil }
            appendNumbers(to: &buffer)
        case ("_uuid", .array):
            buffer.append("[\"")
            appendUUID(to: &buffer)
            buffer.append("\"]")
        case ("hstore", .map): appendPair(isText: false, to: &buffer)
        case ("hstore", .string):
            var pair = ByteBuffer()
            appendPair(isText: true, to: &pair)
            buffer.append(jsonString: pair.span)
        case (_, .string):
            switch compiled.form {
            // Debezium knows the placeholder's bytes and its text, and has forgotten its Base64.
            case .binary(.base64), .binary(.base64URLSafe), .unknown(.base64), .unknown(.base64URLSafe),
                .unknownShape(.base64), .unknownShape(.base64URLSafe):
                return nil
            default: buffer.append(jsonString: text.span)
            }
        case (_, .bytes):
            switch compiled.form {
            case .binary, .unknown, .unknownShape: break
            default: return nil
            }
            buffer.append("\"")
            buffer.append(base64: bytes.span)
            buffer.append("\"")
        default: return nil
        }
        return buffer.array()
    }

    /// The bytes as Java reads them as UTF-8: what is not UTF-8 becomes the replacement character.
    private var text: [UInt8] { Array(String(decoding: bytes, as: UTF8.self).utf8) }

    /// Each byte as a signed number.
    private func appendNumbers(to buffer: inout ByteBuffer) {
        buffer.append("[")
        for (index, byte) in bytes.enumerated() {
            if index > 0 { buffer.append(",") }
            buffer.append(decimal: Int64(Int8(bitPattern: byte)))
        }
        buffer.append("]")
    }

    private func appendPair(isText: Bool, to buffer: inout ByteBuffer) {
        buffer.append("{")
        HstoreText.append(text.span, isText: isText, to: &buffer)
        buffer.append(":")
        HstoreText.append(text.span, isText: isText, to: &buffer)
        buffer.append("}")
    }

    /// Java's `UUID.nameUUIDFromBytes`: RFC 4122's version 3 without a namespace.
    private func appendUUID(to buffer: inout ByteBuffer) {
        var digest = MD5.hash(bytes)
        digest[6] = digest[6] & 0x0F | 0x30
        digest[8] = digest[8] & 0x3F | 0x80
        for (start, end) in [(0, 4), (4, 6), (6, 8), (8, 10), (10, 16)] {
            if start > 0 { buffer.append("-") }
            buffer.append(hex: digest.span.extracting(start..<end))
        }
    }
}
