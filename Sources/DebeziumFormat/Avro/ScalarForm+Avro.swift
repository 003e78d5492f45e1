internal import ByteCoding

/// Avro's binary form of the types that most columns have. Integers are zigzag varints, texts and bytes have their length
/// before them, floating-point numbers are little endian.
extension ScalarForm {
    /// Appends the value; false, with nothing appended, for a form that is written as JSON first.
    @inline(__always)
    func writeAvro(_ text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer) throws(ValueProblem) -> Bool {
        switch self {
        case .integer: buffer.append(varInt: try IntegerText.value(text))
        case .string: buffer.append(lengthAnd: text)
        case .decimal(.base64, let scale):
            try DecimalText(text).appendUnscaled(scale: scale, as: .lengthPrefixed, to: &buffer)
        case .timestamp(.micros):
            buffer.append(varInt: try TemporalText.moment(text, isZoned: false).micros)
        case .boolean:
            guard text.count > 0 else { throw .malformed }
            buffer.append(text[0] == UInt8(ascii: "t") ? 1 : 0)
        default: return try writeOtherAvro(text, snapshot: snapshot, to: &buffer)
        }
        return true
    }

    @inline(never)
    private func writeOtherAvro(
        _ text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer
    ) throws(ValueProblem) -> Bool {
        switch self {
        case .float32: buffer.append(littleEndian: try FloatingPointText.float(text).bitPattern)
        case .float64, .decimal(.double, _):
            buffer.append(littleEndian: try FloatingPointText.double(text).bitPattern)
        case .timestamp(.millis):
            buffer.append(varInt: try TemporalText.moment(text, isZoned: false).millis)
        case .date(.days):
            let days = try TemporalText.days(text, snapshot: snapshot)
            buffer.append(varInt: Int64(Int32(truncatingIfNeeded: days)))
        case .time(.micros): buffer.append(varInt: Int64(try TemporalText.timeOfDay(text)))
        case .interval(isText: false): buffer.append(varInt: try IntervalText(text).durationMicros)
        case .binary(.bytes): try writeBytes(text, to: &buffer)
        case .zonedTimestamp, .zonedTime:
            let start = buffer.count
            try write(text, snapshot: snapshot, to: &buffer)
            guard buffer.shortenString(from: start) else { throw .malformed }
        default: return false
        }
        return true
    }

    /// `\x0aff`, which is twice as long as the bytes.
    private func writeBytes(_ text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x")
        else { throw .malformed }
        buffer.append(varInt: Int64(text.count / 2 - 1))
        try BinaryText.decode(hex: text.extracting(2..<text.count), to: &buffer)
    }
}

extension ByteBuffer {
    /// Makes the JSON string that begins at `start` Avro's, in place: its length for the first quote, and no last one.
    /// - Returns: false, with nothing changed, for a string of 64 bytes or more, whose length takes two, or with escapes.
    mutating func shortenString(from start: Int) -> Bool {
        let length = count - start - 2
        guard length >= 0, length < 64, !hasBackslash(from: start) else { return false }
        replace(bigEndian: UInt8(length << 1), at: start)
        truncate(to: count - 1)
        return true
    }

    private func hasBackslash(from start: Int) -> Bool {
        let content = span
        for index in start..<content.count where content[index] == UInt8(ascii: "\\") { return true }
        return false
    }
}
