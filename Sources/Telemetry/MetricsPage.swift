/// Prometheus's text format, version 0.0.4: `# HELP`, `# TYPE`, then a line a sample.
public enum MetricsPage {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Renders `metrics`; families without samples are left out.
    public static func render(_ metrics: [Metric]) -> String {
        var page = ""
        for metric in metrics where !metric.samples.isEmpty {
            page += "# HELP \(metric.name) \(escape(metric.help, quotes: false))\n"
            page += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for sample in metric.samples {
                page += metric.name + sample.suffix
                if !sample.labels.isEmpty {
                    let labels = sample.labels.map { "\($0.name)=\"\(escape($0.value, quotes: true))\"" }
                    page += "{\(labels.joined(separator: ","))}"
                }
                page += " \(number(sample.value))\n"
            }
        }
        return page
    }

    /// Whole numbers without a fraction; infinities and NaN by Prometheus's names.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
