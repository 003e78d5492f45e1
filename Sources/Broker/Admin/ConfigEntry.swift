/// A setting as DescribeConfigs tells it.
struct ConfigEntry: Sendable, Equatable {
    /// Where a value comes from, with Kafka's numbers.
    enum Source: Int8, Sendable {
        case topic = 1
        case dynamicBroker = 2
        case staticBroker = 4
        case defaultValue = 5
    }

    struct Synonym: Sendable, Equatable {
        var name: String
        var value: String?
        var source: Source
    }

    var name: String
    /// nil where there is none, and of secrets.
    var value: String?
    var source: Source
    var isReadOnly = false
    var isSensitive = false
    /// Kafka's number of the type: 1 boolean, 2 string, 3 int, 5 long, 6 double, 7 list, 9 password.
    var kind: Int8
    /// Every value that there is for it, the one in force first.
    var synonyms: [Synonym]
    var documentation: String
}
