import Broker
import Foundation
import Yams

/// Reads `tailrace.yaml`.
enum ConfigurationFile {
    /// Everything that is wrong with a file, a line each, in the order of the file.
    struct Errors: Error, Equatable, CustomStringConvertible {
        let messages: [String]
        /// The lines of the messages, 0 where one is about the whole file.
        let lines: [Int]

        init(_ problems: [(line: Int, message: String)]) {
            let sorted = problems.sorted { $0.line < $1.line }
            messages = sorted.map(\.message)
            lines = sorted.map(\.line)
        }

        var problems: [(line: Int, message: String)] { Array(zip(lines, messages)) }
        var description: String { messages.joined(separator: "\n") }
    }

    static func load(_ path: String, secrets: SecretResolver) throws(Errors) -> ProcessConfiguration {
        return try parse(try text(of: path), path: path, secrets: secrets)
    }

    /// Reads the file with its connectors checked and typed.
    /// - Throws: everything that is wrong with the settings and with the connectors at once.
    static func loadPlan(
        _ path: String, secrets: SecretResolver
    ) throws(Errors) -> (settings: ProcessConfiguration, plan: ConnectorPlan) {
        let text = try text(of: path)
        let parser = parser(of: text, path: path, secrets: secrets)
        do throws(Errors) {
            let plan = try ConnectorPlan(parser.configuration, file: path, secrets: secrets)
            if parser.problems.isEmpty { return (parser.configuration, plan) }
        } catch {
            throw Errors(parser.problems + error.problems)
        }
        throw Errors(parser.problems)
    }

    static func parse(
        _ text: String, path: String = "tailrace.yaml", secrets: SecretResolver
    ) throws(Errors) -> ProcessConfiguration {
        let parser = parser(of: text, path: path, secrets: secrets)
        guard parser.problems.isEmpty else { throw Errors(parser.problems) }
        return parser.configuration
    }

    private static func text(of path: String) throws(Errors) -> String {
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            let reason =
                FileManager.default.fileExists(atPath: path)
                ? "it cannot be read, or is not UTF-8" : "there is no such file; 'tailrace init' writes one"
            throw Errors([(0, "configuration file '\(path)': \(reason)")])
        }
    }

    private static func parser(of text: String, path: String, secrets: SecretResolver) -> Parser {
        var parser = Parser(file: (path as NSString).lastPathComponent, secrets: secrets)
        do {
            if let root = try Yams.compose(yaml: text) { parser.read(root) }
        } catch let error as YamlError {
            parser.report("\(syntaxMessage(error))", line: nil)
        } catch { parser.report("\(error)", line: nil) }
        return parser
    }

    private static func syntaxMessage(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "not valid YAML: \(problem) (line \(mark.line), column \(mark.column))"
        case .duplicatedKeysInMapping(let duplicates, let context):
            "not valid YAML: \(duplicates.map { "'\($0)'" }.joined(separator: ", ")) stands twice in one map (line \(context.mark.line))"
        default: "not valid YAML: \(error)"
        }
    }

    private struct Parser {
        let file: String
        let secrets: SecretResolver
        var configuration = ProcessConfiguration()
        var problems: [(line: Int, message: String)] = []

        init(file: String, secrets: SecretResolver) {
            self.file = file
            self.secrets = secrets
        }

        mutating func report(_ message: String, line: Int?) {
            problems.append((line ?? 0, message + (line.map { " (\(file):\($0))" } ?? " (\(file))")))
        }

        mutating func read(_ root: Node) {
            guard case .mapping(let mapping) = root else {
                return report("the file must be a map of settings", line: root.mark?.line)
            }
            for (keyNode, value) in mapping {
                let key = keyNode.string ?? ""
                if key == "connectors" {
                    readConnectors(value)
                } else {
                    for (name, property) in flatten(key, value) { set(name, property) }
                }
            }
            do throws(BrokerConfiguration.Problem) { try configuration.broker.check() } catch {
                report(error.description, line: nil)
            }
            if let problem = ProcessSettings.registryProblem(configuration.registry) { report(problem, line: nil) }
            var names: [String: Int] = [:]
            for entry in configuration.connectors {
                guard let name = entry.properties["name"] else { continue }
                if let first = names[name.value] {
                    report(
                        "\(entry.label): property 'name' is '\(name.value)', which connectors[\(first)] has already",
                        line: name.line)
                } else {
                    names[name.value] = entry.index
                }
            }
        }

        mutating func readConnectors(_ node: Node) {
            if isNull(node) { return }
            guard case .sequence(let sequence) = node else {
                return report("'connectors' must be a list of property maps", line: node.mark?.line)
            }
            for (index, element) in sequence.enumerated() {
                let line = element.mark?.line ?? 0
                guard case .mapping(let mapping) = element else {
                    report("connectors[\(index)] must be a map of properties", line: line)
                    continue
                }
                var entry = ConnectorEntry(index: index, line: line, properties: [:])
                for (keyNode, value) in mapping {
                    let key = keyNode.string ?? ""
                    // Connect's REST form keeps the properties in `config`.
                    if key == "config", case .mapping(let inner) = value {
                        for (innerKey, innerValue) in inner {
                            for (name, property) in flatten(innerKey.string ?? "", innerValue) {
                                entry.properties[name] = property
                            }
                        }
                    } else {
                        for (name, property) in flatten(key, value) { entry.properties[name] = property }
                    }
                }
                if (entry.properties["name"]?.value ?? "").isEmpty {
                    report("\(entry.label): property 'name' is required: it names the connector's position", line: line)
                }
                configuration.connectors.append(entry)
            }
        }

        func isNull(_ node: Node) -> Bool {
            guard case .scalar(let scalar) = node else { return false }
            return scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        }

        /// A scalar as it is, a list of scalars with commas, a map with dots.
        mutating func flatten(_ key: String, _ node: Node) -> [(String, ConnectorEntry.Property)] {
            let line = node.mark?.line ?? 0
            switch node {
            case .scalar(let scalar):
                return isNull(node) ? [] : [(key, ConnectorEntry.Property(value: scalar.string, line: line))]
            case .mapping(let mapping):
                return mapping.flatMap { flatten(key + "." + ($0.key.string ?? ""), $0.value) }
            case .sequence(let sequence):
                var elements: [String] = []
                for element in sequence {
                    guard case .scalar(let scalar) = element else {
                        report("'\(key)' must be a list of plain values", line: element.mark?.line ?? line)
                        return []
                    }
                    elements.append(scalar.string)
                }
                return [(key, ConnectorEntry.Property(value: elements.joined(separator: ","), line: line))]
            case .alias:
                report("'\(key)': aliases are not supported here", line: line)
                return []
            }
        }

        mutating func set(_ name: String, _ property: ConnectorEntry.Property) {
            let value: String
            do { value = try secrets.resolve(property.value) } catch {
                return report("setting '\(name)': \(error.message)", line: property.line)
            }
            if let problem = ProcessSettings.set(name, to: value, in: &configuration) {
                report(problem, line: property.line)
            }
        }
    }
}
