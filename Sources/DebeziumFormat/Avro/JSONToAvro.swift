internal import ByteCoding

/// Turns the JSON that our own writers make of a value into Avro's binary form, by the value's Connect schema.
///
/// It serves what is rare, and what is done once for a table: arrays, maps, structs, defaults, masks, the events of no
/// table. Frequent types have writers of their own (``ScalarForm``). The JSON is ours: members of a struct stand in the
/// schema's order, and there are no blanks.
struct JSONToAvro: ~Escapable {
    private let json: Span<UInt8>
    private var index = 0

    @_lifetime(copy json)
    private init(_ json: Span<UInt8>) { self.json = json }

    /// Appends the one value in `json`.
    /// - Throws: ``ValueProblem/inexpressible`` for a null where the schema has none, ``ValueProblem/malformed`` for
    ///   JSON of another type.
    static func append(
        _ json: Span<UInt8>, as schema: ConnectSchema, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        var reader = JSONToAvro(json)
        try reader.append(schema, to: &buffer)
        guard reader.index == json.count else { throw .malformed }
    }

    /// Appends what stands in the quotes of a JSON string.
    static func appendContent(ofString json: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var reader = JSONToAvro(json)
        ColumnMask.unescape(try reader.stringContent(), to: &buffer)
    }

    /// Appends the bytes that stand as Base64 in the quotes of a JSON string.
    static func appendContent(ofBase64 json: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var reader = JSONToAvro(json)
        try Self.decode(base64: try reader.stringContent(), to: &buffer)
    }

    private mutating func append(_ schema: ConnectSchema, to buffer: inout ByteBuffer) throws(ValueProblem) {
        guard index < json.count else { throw .malformed }
        if json[index] == UInt8(ascii: "n") {
            guard let branch = schema.avroNullBranch else { throw .inexpressible }
            index += 4
            return buffer.append(branch)
        }
        if let branch = schema.avroValueBranch { buffer.append(branch) }
        switch schema.kind {
        case .boolean:
            let isTrue = json[index] == UInt8(ascii: "t")
            index += isTrue ? 4 : 5
            buffer.append(isTrue ? 1 : 0)
        case .int8, .int16, .int32, .int64: buffer.append(varInt: try IntegerText.value(number()))
        case .float32: buffer.append(littleEndian: try FloatingPointText.float(floatText()).bitPattern)
        case .float64: buffer.append(littleEndian: try FloatingPointText.double(floatText()).bitPattern)
        case .string: try appendString(to: &buffer)
        case .bytes:
            var content = ByteBuffer()
            try Self.decode(base64: stringContent(), to: &content)
            buffer.append(lengthAnd: content.span)
        case .array(let items): try appendArray(items, to: &buffer)
        case .map(_, let values): try appendMap(values, to: &buffer)
        case .struct(let fields): try appendStruct(fields, to: &buffer)
        }
    }

    // MARK: - Scalars

    @_lifetime(copy self)
    private mutating func number() throws(ValueProblem) -> Span<UInt8> {
        let start = index
        while index < json.count {
            switch json[index] {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return json.extracting(start..<index)
            default: index += 1
            }
        }
        return json.extracting(start..<index)
    }

    /// A number, or the name of one that JSON has not.
    @_lifetime(copy self)
    private mutating func floatText() throws(ValueProblem) -> Span<UInt8> {
        if json[index] == UInt8(ascii: "\"") { return try stringContent() }
        return try number()
    }

    /// The inside of a string, its escapes as they stand.
    @_lifetime(copy self)
    private mutating func stringContent() throws(ValueProblem) -> Span<UInt8> {
        guard index < json.count, json[index] == UInt8(ascii: "\"") else { throw .malformed }
        index += 1
        let start = index
        while index < json.count, json[index] != UInt8(ascii: "\"") {
            index += json[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < json.count else { throw .malformed }
        index += 1
        return json.extracting(start..<(index - 1))
    }

    private mutating func appendString(to buffer: inout ByteBuffer) throws(ValueProblem) {
        let content = try stringContent()
        var hasEscapes = false
        for index in content.indices where content[index] == UInt8(ascii: "\\") {
            hasEscapes = true
            break
        }
        guard hasEscapes else { return buffer.append(lengthAnd: content) }
        var text = ByteBuffer(capacity: content.count)
        ColumnMask.unescape(content, to: &text)
        buffer.append(lengthAnd: text.span)
    }

    private static func decode(base64 text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var group: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in text.indices {
            let sextet: UInt8
            switch text[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): sextet = text[index] &- 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): sextet = text[index] &- 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): sextet = text[index] &+ 4
            case UInt8(ascii: "+"): sextet = 62
            case UInt8(ascii: "/"): sextet = 63
            case UInt8(ascii: "="): continue
            default: throw .malformed
            }
            group = group << 6 | UInt32(sextet)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                buffer.append(UInt8(truncatingIfNeeded: group >> bitCount))
            }
        }
    }

    // MARK: - Types that hold others

    private mutating func take(_ byte: UInt8) throws(ValueProblem) {
        guard index < json.count, json[index] == byte else { throw .malformed }
        index += 1
    }

    private func isAt(_ byte: UInt8) -> Bool { index < json.count && json[index] == byte }

    /// Everything in one block, as Java's encoder writes it: the count, the items, and a zero.
    private mutating func appendArray(_ items: ConnectSchema, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var content = ByteBuffer(capacity: json.count)
        var count: Int64 = 0
        try take(UInt8(ascii: "["))
        while !isAt(UInt8(ascii: "]")) {
            if count > 0 { try take(UInt8(ascii: ",")) }
            try append(items, to: &content)
            count += 1
        }
        index += 1
        Self.append(block: content.span, count: count, to: &buffer)
    }

    private mutating func appendMap(_ values: ConnectSchema, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var content = ByteBuffer(capacity: json.count)
        var count: Int64 = 0
        try take(UInt8(ascii: "{"))
        while !isAt(UInt8(ascii: "}")) {
            if count > 0 { try take(UInt8(ascii: ",")) }
            try appendString(to: &content)
            try take(UInt8(ascii: ":"))
            try append(values, to: &content)
            count += 1
        }
        index += 1
        Self.append(block: content.span, count: count, to: &buffer)
    }

    private static func append(block content: Span<UInt8>, count: Int64, to buffer: inout ByteBuffer) {
        if count > 0 {
            buffer.append(varInt: count)
            buffer.append(content)
        }
        buffer.append(0)
    }

    private mutating func appendStruct(
        _ fields: [ConnectSchema.Field], to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        try take(UInt8(ascii: "{"))
        for (number, field) in fields.enumerated() {
            if number > 0 { try take(UInt8(ascii: ",")) }
            _ = try stringContent()
            try take(UInt8(ascii: ":"))
            try append(field.schema, to: &buffer)
        }
        try take(UInt8(ascii: "}"))
    }
}

extension ConnectSchema {
    /// What an optional value begins with: the number of its branch in the union, as Avro writes it; nil where the type
    /// is no union.
    var avroValueBranch: UInt8? { isOptional ? (defaultValue == nil ? 2 : 0) : nil }
    /// The same for null.
    var avroNullBranch: UInt8? { isOptional ? (defaultValue == nil ? 0 : 2) : nil }
}

extension ByteBuffer {
    /// Appends Avro's `bytes` or `string`.
    mutating func append(lengthAnd content: Span<UInt8>) {
        append(varInt: Int64(content.count))
        append(content)
    }

    mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(littleEndian value: Value) {
        append(bigEndian: value.byteSwapped)
    }
}
