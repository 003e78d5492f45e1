import Broker
import PostgresCapture

/// The reference of all settings, made from the registries that read them.
enum ConfigurationReference {
    static func markdown() -> String {
        var text = """
            # Configuration

            `tailrace serve -c tailrace.yaml` reads one YAML file: the process's settings and a list of connectors. Nested maps and dotted names mean the same, lists stand for comma-separated values, and `${env:NAME}` and `${file:/path:key}` are replaced when a value is used. Unknown and unsupported settings are refused, all at once, with their lines, before anything is touched. `tailrace init URL` writes a commented file; `tailrace serve --check` only checks one. This page is printed by `tailrace properties --markdown`.

            ## The process

            | setting | default | what it does |
            |---|---|---|

            """
        for definition in ProcessSettings.all {
            text += "| `\(definition.name)` | `\(definition.defaultValue)` | \(definition.summary) |\n"
        }
        text += """

            ## The Kafka broker

            Under `broker:`, by Kafka's own names (`broker: {listeners: …}` or `broker.listeners: …`). A TLS or SASL setting can be given for one listener as `listener.name.<listener>.<setting>`.

            | setting | default | what it does |
            |---|---|---|

            """
        for setting in BrokerSetting.all {
            let value = setting.defaultValue.map { $0.isEmpty ? "" : "`\($0)`" } ?? ""
            text += "| `\(setting.name)` | \(value) | \(setting.summary.replacing("|", with: "\\|")) |\n"
        }
        text += """

            ## Connectors

            Each element of `connectors` is the property map of Debezium's PostgreSQL connector 3.6, run by Kafka Connect: the same names, values and defaults. Lists of tables and columns are comma-separated regular expressions, matched against the whole name without regard to case.

            """
        for group in PropertyDefinition.Group.allCases {
            text += "\n### \(group.rawValue)\n\n| property | default | what it does |\n|---|---|---|\n"
            for definition in PropertyRegistry.all where definition.group == group {
                let value = definition.defaultValue.map { "`\($0)`" } ?? (definition.isRequired ? "required" : "")
                var summary = definition.summary
                if let values = values(definition) { summary += " \(values)" }
                if let limit = limit(definition) { summary += " \(limit)" }
                text += "| `\(definition.name)` | \(value) | \(summary.replacing("|", with: "\\|")) |\n"
            }
        }
        return text
    }

    private static func values(_ definition: PropertyDefinition) -> String? {
        switch definition.kind {
        case .choice(let values) where values.count > 1:
            "One of " + values.map { "`\($0)`" }.joined(separator: ", ") + "."
        case .choices(let values): "Any of " + values.map { "`\($0)`" }.joined(separator: ", ") + "."
        default: nil
        }
    }

    /// What is not as Debezium has it.
    static func limit(_ definition: PropertyDefinition) -> String? {
        switch definition.support {
        case .supported: nil
        case .noEffect(let reason): "No effect here: \(reason)."
        case .only(let values, let reason): "Only \(values.joined(separator: ", ")): \(reason)."
        case .refused(let reason): "Not supported: \(reason)."
        }
    }
}
