/// One metric family: a name, what it means, and its samples at one moment.
///
/// Names follow Prometheus's conventions: `tailrace_<part>_<thing>_<unit>`, counters end in `_total`, durations are
/// seconds and sizes bytes.
public struct Metric: Sendable, Equatable {
    public enum Kind: String, Sendable { case counter, gauge, histogram }

    public struct Sample: Sendable, Equatable {
        /// Label names and values, in the order in which they are printed.
        public var labels: [(name: String, value: String)]
        public var value: Double
        /// What stands behind the family's name: `_bucket`, `_sum` or `_count` of a histogram.
        public var suffix: String

        public init(_ value: Double, labels: [(name: String, value: String)] = [], suffix: String = "") {
            self.labels = labels
            self.suffix = suffix
            self.value = value
        }

        public static func == (a: Self, b: Self) -> Bool {
            a.value == b.value && a.suffix == b.suffix && a.labels.elementsEqual(b.labels) { $0 == $1 }
        }
    }

    public let name: String
    public let help: String
    public let kind: Kind
    public var samples: [Sample]

    public init(_ name: String, help: String, kind: Kind, samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }
}
