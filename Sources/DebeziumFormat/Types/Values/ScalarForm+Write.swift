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
        case .bits: BitText.writeBytes(text, to: &buffer)
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
            let micros = try TemporalText.timeOfDay(text) % 86_400_000_000
            unit.write(timeOfDay: micros - micros % 1000, to: &buffer)
        case .zonedTime: try writeZonedTime(text, truncatedToSeconds: false, to: &buffer)
        case .zonedTimeElement: try writeZonedTime(text, truncatedToSeconds: true, to: &buffer)
        case .zonedTimestamp(let width):
            try writeZonedTimestamp(text, width: width, reading: .proleptic, to: &buffer)
        case .timestampElement(let unit):
            try unit.write(moment: TemporalText.moment(text, isZoned: false, reading: .hybrid), to: &buffer)
        case .zonedTimestampElement(let width):
            try writeZonedTimestamp(text, width: width, reading: .fields, to: &buffer)
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
        _ text: Span<UInt8>, width: Int, reading: JavaCalendar.Reading, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        let moment = try TemporalText.moment(text, isZoned: true, reading: reading)
        if moment == .positiveInfinity { return buffer.append("\"infinity\"") }
        if moment == .negativeInfinity {
            if reading == .proleptic { return buffer.append("\"-infinity\"") }
            // The driver's instant by its fields, its era lost, is not recognised again.
            return buffer.append("\"+292269055-12-02T23:00:00.000000Z\"")
        }
        buffer.append(UInt8(ascii: "\""))
        CivilDate.append(days: moment.days, to: &buffer)
        buffer.append(UInt8(ascii: "T"))
        buffer.append(timeOfDay: moment.timeOfDay, fractionWidth: width)
        buffer.append("Z\"")
    }
}

extension TemporalUnit {
    func write(timestamp text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        try write(moment: TemporalText.moment(text, isZoned: false), to: &buffer)
    }

    func write(moment: Moment, to buffer: inout ByteBuffer) throws(ValueProblem) {
        switch self {
        case .micros: buffer.append(decimal: moment.micros)
        case .millis: buffer.append(decimal: moment.millis)
        case .nanos:
            guard let nanos = moment.nanos else { throw .outOfRange }
            buffer.append(decimal: nanos)
        case .iso:
            buffer.append(UInt8(ascii: "\""))
            CivilDate.append(days: moment.days, to: &buffer)
            buffer.append(UInt8(ascii: "T"))
            buffer.append(timeOfDay: moment.timeOfDay)
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
            // 24:00:00 is midnight to `java.time`.
            buffer.append(timeOfDay: micros % 86_400_000_000)
            buffer.append("Z\"")
        }
    }
}
