internal import ByteCoding

extension ArrayForm {
    /// Appends `{1,NULL,"a b"}` as a JSON array. Bounds (`[0:2]={…}`) are dropped, as Debezium drops them.
    func write(_ text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var index = 0
        if text.count > 0, text[0] == UInt8(ascii: "[") {
            while index < text.count, text[index] != UInt8(ascii: "=") { index += 1 }
            index += 1
        }
        guard index < text.count, text[index] == UInt8(ascii: "{") else { throw .malformed }
        index += 1
        buffer.append("[")
        var isFirst = true
        while true {
            guard index < text.count else { throw .malformed }
            if text[index] == UInt8(ascii: "}") { break }
            if isFirst {
                isFirst = false
            } else {
                guard text[index] == delimiter else { throw .malformed }
                index += 1
                buffer.append(",")
            }
            try writeElement(text, &index, to: &buffer)
        }
        buffer.append("]")
    }

    private func writeElement(
        _ text: Span<UInt8>, _ index: inout Int, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        guard index < text.count else { throw .malformed }
        switch text[index] {
        case UInt8(ascii: "{"): try writeInnerArray(text, &index, to: &buffer)
        case UInt8(ascii: "\""): try writeQuoted(text, &index, to: &buffer)
        default:
            let start = index
            while index < text.count, text[index] != delimiter, text[index] != UInt8(ascii: "}") { index += 1 }
            let element = text.extracting(start..<index)
            if element.isNull { try writeNull(to: &buffer) } else { try write(element: element, to: &buffer) }
        }
    }

    private func writeNull(to buffer: inout ByteBuffer) throws(ValueProblem) {
        guard allowsNulls else { throw .inexpressible }
        buffer.append("null")
    }

    private func write(element: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        // The driver cannot read NaN and the infinities within an array of numeric, and the whole field is lost.
        if case .decimal = self.element, element.count > 0, element[element.count - 1] &- 48 > 9 {
            throw .inexpressible
        }
        let start = buffer.count
        do throws(ValueProblem) {
            try self.element.write(element, snapshot: true, to: &buffer)
        } catch {
            guard case .outOfRange = error else { throw error }
            buffer.truncate(to: start)
            try writeNull(to: &buffer)
        }
    }

    private func writeQuoted(
        _ text: Span<UInt8>, _ index: inout Int, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        let start = index + 1
        var end = start
        while end < text.count, text[end] != UInt8(ascii: "\""), text[end] != UInt8(ascii: "\\") { end += 1 }
        guard end < text.count else { throw .malformed }
        if text[end] == UInt8(ascii: "\"") {
            index = end + 1
            return try write(element: text.extracting(start..<end), to: &buffer)
        }
        var unescaped = ByteBuffer(capacity: 256)
        unescaped.append(text.extracting(start..<end))
        while true {
            guard end < text.count else { throw .malformed }
            if text[end] == UInt8(ascii: "\"") { break }
            if text[end] == UInt8(ascii: "\\") { end += 1 }
            guard end < text.count else { throw .malformed }
            unescaped.append(text[end])
            end += 1
        }
        index = end + 1
        try write(element: unescaped.span, to: &buffer)
    }

    /// The inner arrays of a multi-dimensional array are nothing Debezium can convert: null each, and for strings a
    /// Java object's name and address, in place of which we give the array's own text.
    private func writeInnerArray(
        _ text: Span<UInt8>, _ index: inout Int, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        let start = index
        var depth = 0
        var isQuoted = false
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted: depth += 1
            case UInt8(ascii: "}") where !isQuoted: depth -= 1
            default: break
            }
            index += 1
            if depth == 0 { break }
        }
        guard depth == 0, index <= text.count else { throw .malformed }
        if hasStringItems {
            buffer.append(jsonString: text.extracting(start..<index))
        } else {
            try writeNull(to: &buffer)
        }
    }
}

extension Span<UInt8> {
    /// The word that stands for a null in an array, which the server quotes when it is text.
    fileprivate var isNull: Bool {
        count == 4 && self[0] == UInt8(ascii: "N") && self[1] == UInt8(ascii: "U") && self[2] == UInt8(ascii: "L")
            && self[3] == UInt8(ascii: "L")
    }
}
