/// The names converters go by.
enum ConverterNames {
    static let avro = ["io.confluent.connect.avro.AvroConverter", "avro"]

    static func isAvro(_ name: String?) -> Bool { avro.contains { $0.lowercased() == name?.lowercased() } }
}

/// The settings of Confluent's AvroConverter, its serializer's and its registry client's among them.
extension PropertyRegistry {
    static func avroConverter(_ side: String) -> [PropertyDefinition] {
        let prefix = "\(side).converter"
        return [
            .init(
                "\(prefix).schema.registry.url", .converters, .list,
                "The schema registry's addresses, http or https; the embedded registry where there is none."),
            .init(
                "\(prefix).basic.auth.credentials.source", .converters, .choice(["URL", "USER_INFO"]), default: "URL",
                "Where the registry's user and password stand: in its address or in basic.auth.user.info."),
            .init(
                "\(prefix).basic.auth.user.info", .converters, .password,
                "The registry's user and password, with a colon between them."),
            .init(
                "\(prefix).bearer.auth.credentials.source", .converters, .choice(["STATIC_TOKEN"]),
                "Where the registry's token stands."),
            .init("\(prefix).bearer.auth.token", .converters, .password, "The registry's token."),
            .init(
                "\(prefix).schema.registry.ssl.<setting>", .converters,
                .refused("Java's key stores are not read; the system's certificates are trusted"),
                "TLS to the registry."),
            .init(
                "\(prefix).proxy.<setting>", .converters,
                .refused("the registry is reached directly"), "A proxy before the registry."),
            .init(
                "\(prefix).request.header.<setting>", .converters,
                .refused("requests carry no headers of your own"), "Headers of requests to the registry."),
            .init(
                "\(prefix).auto.register.schemas", .converters, .boolean, default: "true",
                "Whether schemas are registered; else they have to be there."),
            .init(
                "\(prefix).use.latest.version", .converters, .boolean, default: "false",
                .only(["false"], "events are written by their own table's schema"),
                "Whether events are written by the subject's newest schema."),
            .init(
                "\(prefix).use.schema.id", .converters,
                .refused("events are written by their own table's schema"), "One schema to write events by."),
            .init(
                "\(prefix).latest.compatibility.strict", .converters, .boolean, default: "true",
                .noEffect("use.latest.version is false"), "Whether the newest schema has to be compatible."),
            .init(
                "\(prefix).id.compatibility.strict", .converters, .boolean, default: "true",
                .noEffect("use.schema.id is not available"), "Whether that schema has to be compatible."),
            .init(
                "\(prefix).normalize.schemas", .converters, .boolean, default: "false",
                "Whether the registry brings schemas into a normal form."),
            .init(
                "\(prefix).\(side).subject.name.strategy", .converters, .choice(SubjectStrategies.names),
                default: SubjectStrategies.names[0], "Under which subject a schema is registered."),
            .init(
                "\(prefix).connect.meta.data", .converters, .boolean, default: "true",
                "Whether schemas carry Connect's names, versions, parameters and defaults."),
            .init(
                "\(prefix).scrub.invalid.names", .converters, .boolean, default: "false",
                "Whether names that Avro does not allow are made to fit."),
            .init(
                "\(prefix).enhanced.avro.schema.support", .converters, .boolean, default: "false",
                .noEffect("no schema of an event differs by it"),
                "Whether enums and packages are kept."),
            .init(
                "\(prefix).allow.optional.map.keys", .converters, .boolean, default: "false",
                .noEffect("the keys of an event's maps are never optional"),
                "Whether maps with optional keys are allowed."),
            .init(
                "\(prefix).discard.type.doc.default", .converters, .boolean, default: "false",
                .noEffect("it is about reading"), "Whether documentation and defaults are dropped."),
            .init(
                "\(prefix).schemas.cache.config", .converters, .integer(0...Int(Int32.max)), default: "1000",
                .noEffect("each table's schema is compiled once"), "How many schemas are kept."),
            .init(
                "\(prefix).max.schemas.per.subject", .converters, .integer(0...Int(Int32.max)), default: "1000",
                .noEffect("each table's schema is asked for once"), "How many schemas of a subject are kept."),
        ]
    }
}

/// Confluent's subject name strategies.
enum SubjectStrategies {
    static let names = ["TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"].map {
        "io.confluent.kafka.serializers.subject.\($0)"
    }
}
