internal import ByteCoding

extension ScalarForm {
    /// Appends the JSON of `text`. What was appended before a problem has to be taken back by the caller.
    @inline(__always)
    func write(_ text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer) throws(ValueProblem) {
        switch self {
        case .integer: try writeInteger(text, to: &buffer)
        case .string: buffer.append(jsonString: text)
        case .decimal(let form, let scale): try form.write(text, scale: scale, to: &buffer)
        case .timestamp(let unit): try unit.write(timestamp: text, to: &buffer)
        case .boolean:
            guard text.count > 0 else { throw .malformed }
            buffer.append(text[0] == UInt8(ascii: "t") ? "true" : "false")
        default: try writeOther(text, snapshot: snapshot, to: &buffer)
        }
    }

    private func writeInteger(_ text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        guard text.count > 0, text.count <= 20 else { throw .malformed }
        for index in text.indices where text[index] &- 48 > 9 {
            guard index == 0, text[0] == UInt8(ascii: "-"), text.count > 1 else { throw .malformed }
        }
        buffer.append(text)
    }

    @inline(never)
    private func writeOther(_ text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer) throws(ValueProblem) {
        switch self {
        case .float32: JavaFloatingPoint.append(try FloatingPointText.float(text), to: &buffer)
        case .float64: JavaFloatingPoint.append(try FloatingPointText.double(text), to: &buffer)
        case .name(let isStreamed):
            guard snapshot || isStreamed else { throw .readAsNull }
            buffer.append(jsonString: text)
        case .money(let form, let scale): try form.write(money: text, scale: scale, to: &buffer)
        case .binary(let handling): try BinaryText.write(text, handling, to: &buffer)
        case .unknown(let handling): BinaryText.write(bytes: text, handling, to: &buffer)
        case .unknownShape(let handling): try ShapeText.writeUnknown(text, handling, to: &buffer)
        case .bit: try BitText.writeBoolean(text, to: &buffer)
        case .bits: try BitText.writeBytes(text, to: &buffer)
        case .date(let form):
            let days = try TemporalText.days(text, snapshot: snapshot)
            switch form {
            case .days: buffer.append(decimal: Int64(Int32(truncatingIfNeeded: days)))
            case .iso:
                buffer.append(UInt8(ascii: "\""))
                CivilDate.append(days: days, to: &buffer)
                buffer.append("Z\"")
            }
        case .time(let unit): unit.write(timeOfDay: try TemporalText.timeOfDay(text), to: &buffer)
        case .timeElement(let unit):
            let micros = try TemporalText.timeOfDay(text)
            unit.write(timeOfDay: micros - micros % 1000, to: &buffer)
        case .zonedTime: try writeZonedTime(text, truncatedToSeconds: false, to: &buffer)
        case .zonedTimeElement: try writeZonedTime(text, truncatedToSeconds: true, to: &buffer)
        case .zonedTimestamp(let width): try writeZonedTimestamp(text, width: width, to: &buffer)
        case .interval(let isText):
            let interval = try IntervalText(text)
            if isText {
                buffer.append(UInt8(ascii: "\""))
                interval.appendISO(to: &buffer)
                buffer.append(UInt8(ascii: "\""))
            } else {
                buffer.append(decimal: interval.durationMicros)
            }
        case .point: try ShapeText.writePoint(text, to: &buffer)
        case .hstore(let isMap): try HstoreText.write(text, isMap: isMap, to: &buffer)
        case .geometry: try ShapeText.writeGeometry(text, to: &buffer)
        case .vector(let isDouble): try ShapeText.writeVector(text, isDouble: isDouble, to: &buffer)
        case .emptyArray: buffer.append("[]")
        case .unset: throw .inexpressible
        case .integer, .string, .decimal, .timestamp, .boolean: preconditionFailure("handled by the caller")
        case .array: preconditionFailure("an array is written by its column")
        }
    }

    private func writeZonedTime(
        _ text: Span<UInt8>, truncatedToSeconds: Bool, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        let micros = try TemporalText.timeOfDayUTC(text, truncatedToSeconds: truncatedToSeconds)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(timeOfDay: micros)
        buffer.append("Z\"")
    }

    private func writeZonedTimestamp(
        _ text: Span<UInt8>, width: Int, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        let micros = try TemporalText.micros(text, isZoned: true)
        if micros == TemporalText.positiveInfinity { return buffer.append("\"infinity\"") }
        if micros == TemporalText.negativeInfinity { return buffer.append("\"-infinity\"") }
        let (days, timeOfDay) = micros.dividedIntoDays
        buffer.append(UInt8(ascii: "\""))
        CivilDate.append(days: days, to: &buffer)
        buffer.append(UInt8(ascii: "T"))
        buffer.append(timeOfDay: timeOfDay, fractionWidth: width)
        buffer.append("Z\"")
    }
}

extension Int {
    /// Microseconds since 1970 as days and microseconds since midnight.
    var dividedIntoDays: (days: Int, timeOfDay: Int) {
        let day = 86_400_000_000
        let rest = self % day
        return rest < 0 ? (self / day - 1, rest + day) : (self / day, rest)
    }
}

extension TemporalUnit {
    func write(timestamp text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        let micros = try TemporalText.micros(text, isZoned: false)
        switch self {
        case .micros: buffer.append(decimal: Int64(micros))
        case .millis:
            let millis = micros / 1000
            buffer.append(decimal: Int64(micros % 1000 < 0 ? millis - 1 : millis))
        case .nanos:
            if micros == TemporalText.positiveInfinity { return buffer.append(decimal: Int64.max) }
            if micros == TemporalText.negativeInfinity { return buffer.append(decimal: Int64.min) }
            let (nanos, overflowed) = micros.multipliedReportingOverflow(by: 1000)
            guard !overflowed else { throw .inexpressible }
            buffer.append(decimal: Int64(nanos))
        case .iso:
            let (days, timeOfDay) = micros.dividedIntoDays
            buffer.append(UInt8(ascii: "\""))
            CivilDate.append(days: days, to: &buffer)
            buffer.append(UInt8(ascii: "T"))
            buffer.append(timeOfDay: timeOfDay)
            buffer.append("Z\"")
        }
    }

    func write(timeOfDay micros: Int, to buffer: inout ByteBuffer) {
        switch self {
        case .micros: buffer.append(decimal: Int64(micros))
        case .millis: buffer.append(decimal: Int64(micros / 1000))
        case .nanos: buffer.append(decimal: Int64(micros * 1000))
        case .iso:
            buffer.append(UInt8(ascii: "\""))
            buffer.append(timeOfDay: micros)
            buffer.append("Z\"")
        }
    }
}
