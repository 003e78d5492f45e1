extension TypeCompiler {
    func temporal(_ shape: ColumnShape) -> CompiledType? {
        switch shape.rootOID {
        case BuiltinType.date: date()
        case BuiltinType.time: time(precision: shape.scale)
        case BuiltinType.timestamp: timestamp(precision: shape.scale)
        case BuiltinType.timetz:
            CompiledType(.string, name: "io.debezium.time.ZonedTime", .zonedTime, fallback: "\"00:00:00Z\"")
        case BuiltinType.timestamptz:
            CompiledType(
                .string, name: "io.debezium.time.ZonedTimestamp", .zonedTimestamp(fractionWidth: shape.scale),
                fallback: "\"1970-01-01T00:00:00Z\"")
        case BuiltinType.interval:
            switch configuration.interval {
            case .numeric:
                CompiledType(
                    .int64, name: "io.debezium.time.MicroDuration", .interval(isText: false), fallback: "0")
            case .string:
                CompiledType(
                    .string, name: "io.debezium.time.Interval", .interval(isText: true),
                    fallback: "\"P0Y0M0DT0H0M0S\"")
            }
        default: nil
        }
    }

    private func date() -> CompiledType {
        switch configuration.timePrecision {
        case .connect: CompiledType(.int32, name: "org.apache.kafka.connect.data.Date", .date(.days), fallback: "0")
        case .isostring:
            CompiledType(.string, name: "io.debezium.time.IsoDate", .date(.iso), fallback: "\"1970-01-01Z\"")
        case .adaptive, .adaptiveTimeMicroseconds, .microseconds, .nanoseconds:
            CompiledType(.int32, name: "io.debezium.time.Date", .date(.days), fallback: "0")
        }
    }

    private func time(precision: Int) -> CompiledType {
        switch configuration.timePrecision {
        case .connect: CompiledType(.int32, name: "org.apache.kafka.connect.data.Time", .time(.millis), fallback: "0")
        case .isostring:
            CompiledType(.string, name: "io.debezium.time.IsoTime", .time(.iso), fallback: "\"00:00:00Z\"")
        case .adaptive where precision <= 3:
            CompiledType(.int32, name: "io.debezium.time.Time", .time(.millis), fallback: "0")
        case .adaptive, .adaptiveTimeMicroseconds, .microseconds:
            CompiledType(.int64, name: "io.debezium.time.MicroTime", .time(.micros), fallback: "0")
        case .nanoseconds:
            CompiledType(.int64, name: "io.debezium.time.NanoTime", .time(.nanos), fallback: "0")
        }
    }

    private func timestamp(precision: Int) -> CompiledType {
        switch configuration.timePrecision {
        case .connect:
            CompiledType(.int64, name: "org.apache.kafka.connect.data.Timestamp", .timestamp(.millis), fallback: "0")
        case .isostring:
            CompiledType(
                .string, name: "io.debezium.time.IsoTimestamp", .timestamp(.iso),
                fallback: "\"1970-01-01T00:00:00Z\"")
        case .adaptive where precision <= 3, .adaptiveTimeMicroseconds where precision <= 3:
            CompiledType(.int64, name: "io.debezium.time.Timestamp", .timestamp(.millis), fallback: "0")
        case .adaptive, .adaptiveTimeMicroseconds, .microseconds:
            CompiledType(.int64, name: "io.debezium.time.MicroTimestamp", .timestamp(.micros), fallback: "0")
        case .nanoseconds:
            CompiledType(.int64, name: "io.debezium.time.NanoTimestamp", .timestamp(.nanos), fallback: "0")
        }
    }
}
