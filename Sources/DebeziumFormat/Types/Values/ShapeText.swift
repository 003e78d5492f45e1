internal import ByteCoding

/// Points, other shapes, PostGIS geometries and pgvector's vectors.
enum ShapeText {
    /// `(x,y)` as `io.debezium.data.geometry.Point`: the coordinates, and the point as little-endian WKB.
    static func writePoint(_ text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var comma = 0
        while comma < text.count, text[comma] != UInt8(ascii: ",") { comma += 1 }
        guard comma < text.count, comma > 1, text.count > comma + 2 else { throw .malformed }
        let x = try FloatingPointText.double(text.extracting(1..<comma))
        let y = try FloatingPointText.double(text.extracting(comma + 1..<text.count - 1))
        appendPoint(x: x, y: y, to: &buffer)
    }

    static func appendPoint(x: Double, y: Double, to buffer: inout ByteBuffer) {
        buffer.append("{\"x\":")
        JavaFloatingPoint.append(x, to: &buffer)
        buffer.append(",\"y\":")
        JavaFloatingPoint.append(y, to: &buffer)
        buffer.append(",\"wkb\":\"")
        var wkb = ByteBuffer(capacity: 21)
        wkb.append(1)  // little endian
        wkb.append(bigEndian: UInt32(1).byteSwapped)  // a point
        wkb.append(bigEndian: x.bitPattern.byteSwapped)
        wkb.append(bigEndian: y.bitPattern.byteSwapped)
        buffer.append(base64: wkb.span)
        buffer.append("\",\"srid\":null}")
    }

    /// A shape without a converter: its text with every number as Java prints it, as bytes.
    static func writeUnknown(
        _ text: Span<UInt8>, _ handling: BinaryHandling, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        var shape = ByteBuffer(capacity: text.count * 2)
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, isPartOfNumber(text[index]) { index += 1 }
            if index > start {
                let value = try FloatingPointText.double(text.extracting(start..<index))
                if value.isFinite {
                    JavaFloatingPoint.append(value, to: &shape)
                } else {
                    shape.append(text.extracting(start..<index))
                }
            } else {
                shape.append(text[index])
                index += 1
            }
        }
        BinaryText.write(bytes: shape.span, handling, to: &buffer)
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"):
            true
        default: false
        }
    }

    /// PostGIS's extended WKB: the bytes as they are, and the spatial reference when the type word's flag says that
    /// one follows.
    static func writeGeometry(_ text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var bytes = ByteBuffer(capacity: text.count / 2)
        try BinaryText.decode(hex: text, to: &bytes)
        let wkb = bytes.span
        guard wkb.count >= 5 else { throw .malformed }
        let isLittleEndian = wkb[0] == 1
        func word(_ offset: Int) -> UInt32 {
            var value: UInt32 = 0
            for index in 0..<4 { value = value << 8 | UInt32(wkb[offset + (isLittleEndian ? 3 - index : index)]) }
            return value
        }
        buffer.append("{\"wkb\":\"")
        buffer.append(base64: wkb)
        buffer.append("\",\"srid\":")
        if word(1) & 0x2000_0000 != 0 {
            guard wkb.count >= 9 else { throw .malformed }
            buffer.append(decimal: Int64(Int32(bitPattern: word(5))))
        } else {
            buffer.append("null")
        }
        buffer.append("}")
    }

    static func writeVector(_ text: Span<UInt8>, isDouble: Bool, to buffer: inout ByteBuffer) throws(ValueProblem) {
        guard text.count >= 2, text[0] == UInt8(ascii: "["), text[text.count - 1] == UInt8(ascii: "]")
        else { throw .malformed }
        buffer.append("[")
        var start = 1
        for index in 1..<text.count where text[index] == UInt8(ascii: ",") || index == text.count - 1 {
            guard index > start else { break }
            if start > 1 { buffer.append(",") }
            let element = text.extracting(start..<index)
            if isDouble {
                JavaFloatingPoint.append(try FloatingPointText.double(element), to: &buffer)
            } else {
                JavaFloatingPoint.append(try FloatingPointText.float(element), to: &buffer)
            }
            start = index + 1
        }
        buffer.append("]")
    }
}
