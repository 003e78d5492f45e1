extension CaptureConfiguration {
    /// Whether any channel can bring signals.
    var watchesSignals: Bool { signals.table != nil || signals.channels.contains(.file) }
}
