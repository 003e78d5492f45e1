import Foundation
import PostgresCapture
import Yams

/// A connector's properties in a file: Java properties, Connect's JSON (`{"name": …, "config": {…}}` or the map alone),
/// or a tailrace.yaml whose first connector is meant.
enum ConnectorFile {
    struct Unreadable: Error { let message: String }

    static func load(_ path: String, secrets: SecretResolver) throws(Unreadable) -> [String: String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Unreadable(message: "connector file '\(path)' cannot be read")
        }
        let written = try parse(text, path: path)
        var properties: [String: String] = [:]
        for (name, value) in written {
            do { properties[name] = try secrets.resolve(value) } catch {
                throw Unreadable(message: "connector file '\(path)': property '\(name)': \(error.message)")
            }
        }
        return properties
    }

    static func parse(_ text: String, path: String) throws(Unreadable) -> [String: String] {
        let suffix = (path as NSString).pathExtension.lowercased()
        if suffix == "properties" { return JavaProperties.parse(text) }
        let root: Node?
        // JSON is YAML.
        do { root = try Yams.compose(yaml: text) } catch {
            throw Unreadable(message: "connector file '\(path)' is neither properties, JSON nor YAML: \(error)")
        }
        guard let root, case .mapping(let mapping) = root else {
            throw Unreadable(message: "connector file '\(path)' must hold a map of properties")
        }
        var result: [String: String] = [:]
        for (key, value) in mapping {
            switch (key.string ?? "", value) {
            case ("connectors", .sequence(let list)):
                guard case .mapping(let first)? = list.first else {
                    throw Unreadable(message: "'\(path)' configures no connector")
                }
                return scalars(first)
            case ("config", .mapping(let inner)): result.merge(scalars(inner)) { _, new in new }
            case (let name, .scalar(let scalar)): result[name] = scalar.string
            default: break
            }
        }
        return result
    }

    private static func scalars(_ mapping: Node.Mapping) -> [String: String] {
        var result: [String: String] = [:]
        for (key, value) in mapping {
            switch (key.string ?? "", value) {
            case ("config", .mapping(let inner)): result.merge(scalars(inner)) { _, new in new }
            case (let name, .scalar(let scalar)): result[name] = scalar.string
            case (let name, .sequence(let list)): result[name] = list.compactMap(\.string).joined(separator: ",")
            default: break
            }
        }
        return result
    }
}
