internal import ByteCoding

/// The envelope's three times, rendered once for each reading of the clock.
struct ProcessingClock: ~Copyable {
    private var text = ByteBuffer()
    private var renderedNanos: Int64?

    /// Appends `"ts_ms":…,"ts_us":…,"ts_ns":…`.
    mutating func append(_ nanos: Int64, to buffer: inout ByteBuffer) {
        if renderedNanos != nanos {
            renderedNanos = nanos
            text.removeAll()
            text.append("\"ts_ms\":")
            text.append(decimal: nanos / 1_000_000)
            text.append(",\"ts_us\":")
            text.append(decimal: nanos / 1000)
            text.append(",\"ts_ns\":")
            text.append(decimal: nanos)
        }
        buffer.append(text.span)
    }
}
