/// What an underlying type stands for.
public enum AvroLogicalType: Sendable, Equatable {
    case decimal(precision: Int, scale: Int)
    case uuid, date, timeMillis, timeMicros, timestampMillis, timestampMicros, localTimestampMillis,
        localTimestampMicros
    case duration

    /// nil where the attribute is absent, unknown, or does not fit the type.
    init?(of type: AvroType) {
        guard let name = type.properties["logicalType"]?.text else { return nil }
        switch (name, type.kind) {
        case ("decimal", .bytes), ("decimal", .fixed):
            guard let precision = type.properties["precision"]?.integer, precision > 0 else { return nil }
            let scale = type.properties["scale"]?.integer ?? 0
            guard scale >= 0, scale <= precision else { return nil }
            if case .fixed(let size) = type.kind, precision > Self.digitCountMax(ofBytes: size) { return nil }
            self = .decimal(precision: precision, scale: scale)
        case ("uuid", .string): self = .uuid
        case ("date", .int): self = .date
        case ("time-millis", .int): self = .timeMillis
        case ("time-micros", .long): self = .timeMicros
        case ("timestamp-millis", .long): self = .timestampMillis
        case ("timestamp-micros", .long): self = .timestampMicros
        case ("local-timestamp-millis", .long): self = .localTimestampMillis
        case ("local-timestamp-micros", .long): self = .localTimestampMicros
        case ("duration", .fixed(size: 12)): self = .duration
        default: return nil
        }
    }

    /// How many decimal digits always fit a two's complement number of so many bytes.
    static func digitCountMax(ofBytes count: Int) -> Int {
        guard count > 0 else { return 0 }
        return Int((Double(8 * count - 1) * 0.301_029_995_663_981_2).rounded(.down))
    }
}
