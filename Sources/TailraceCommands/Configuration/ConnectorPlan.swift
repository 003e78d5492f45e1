import DebeziumFormat
import Foundation
import PostgresCapture

/// The connectors of a configuration, checked and typed, before anything is touched.
struct ConnectorPlan: Sendable {
    var connectors: [Connector]

    struct Connector: Sendable {
        let label: String
        let configuration: CaptureConfiguration
        let notes: [String]
    }

    /// - Throws: all errors of all connectors at once.
    init(
        _ configuration: ProcessConfiguration, file: String, secrets: SecretResolver
    ) throws(ConfigurationFile.Errors) {
        connectors = []
        var problems: [(line: Int, message: String)] = []
        let fileName = (file as NSString).lastPathComponent
        func report(_ entry: ConnectorEntry, _ message: String, line: Int?) {
            let line = line ?? entry.line
            problems.append((line, "\(entry.label): \(message) (\(fileName):\(line))"))
        }
        var owners: [String: ConnectorEntry] = [:]
        for entry in configuration.connectors {
            var properties: [String: String] = [:]
            for (name, property) in entry.properties {
                do { properties[name] = try secrets.resolve(property.value) } catch {
                    report(entry, "property '\(name)': \(error.message)", line: property.line)
                    properties[name] = nil
                }
            }
            guard properties.count == entry.properties.count else { continue }
            do {
                let parsed = try CaptureConfiguration.parse(
                    properties: properties, version: Version.current, runID: UUID().uuidString.lowercased())
                connectors.append(
                    Connector(label: entry.label, configuration: parsed.configuration, notes: parsed.notes))
                for (what, identity) in Self.identities(parsed.configuration) {
                    if let owner = owners[identity] {
                        let property = what == "topic.prefix" ? "topic.prefix" : "slot.name"
                        report(
                            entry, "property '\(property)' is the same as that of \(owner.label)",
                            line: entry.properties[property]?.line)
                    } else {
                        owners[identity] = entry
                    }
                }
            } catch {
                for problem in error.problems {
                    // What a reference stands for may be secret: the message shows the reference.
                    var message = problem.message
                    if let name = problem.property, let written = entry.properties[name]?.value,
                        let resolved = properties[name], resolved != written
                    {
                        message = message.replacingOccurrences(of: "'\(resolved)'", with: "'\(written)'")
                    }
                    report(entry, message, line: problem.property.flatMap { entry.properties[$0]?.line })
                }
            }
        }
        guard problems.isEmpty else {
            throw ConfigurationFile.Errors(problems)
        }
    }

    /// What two connectors must not share.
    private static func identities(_ configuration: CaptureConfiguration) -> [(what: String, identity: String)] {
        let keywords = configuration.connection.keywords
        let server = "\(keywords["host"] ?? ""):\(keywords["port"] ?? "")"
        return [
            ("topic.prefix", "prefix \(configuration.events.topicPrefix)"),
            ("slot.name", "slot \(server) \(configuration.slot.name)"),
        ]
    }
}
