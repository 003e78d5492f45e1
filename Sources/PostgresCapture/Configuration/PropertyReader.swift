import ChangeModel
import Foundation

/// Reads typed values out of a property map and gathers everything that is wrong on the way.
struct PropertyReader {
    let properties: [String: String]
    private(set) var problems: [ConfigurationError.Problem] = []
    /// Properties that were accepted and do nothing here.
    private(set) var notes: [String] = []

    init(_ properties: [String: String]) { self.properties = properties }

    mutating func report(_ property: String?, _ message: String) {
        problems.append(.init(property: property, message: message))
    }

    /// Checks every property against the registry: known, supported, and of its kind.
    mutating func checkAll(processors: [String]) {
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            if processors.contains(where: { name == "\($0).type" }) { continue }
            guard let definition = PropertyRegistry.definition(of: name) else {
                let suggestion = PropertyRegistry.suggestion(for: name).map { "; did you mean '\($0)'?" } ?? ""
                report(name, "property '\(name)' is not known\(suggestion)")
                continue
            }
            check(name, value.trimmingCharacters(in: .whitespaces), definition)
        }
        for definition in PropertyRegistry.all where definition.isRequired {
            if string(definition.name) == nil {
                report(definition.name, "property '\(definition.name)' is required: \(definition.summary)")
            }
        }
    }

    private mutating func check(_ name: String, _ value: String, _ definition: PropertyDefinition) {
        switch definition.support {
        case .refused(let reason):
            if !value.isEmpty { report(name, "property '\(name)' is not supported: \(reason)") }
            return
        case .only(let accepted, let reason):
            if !value.isEmpty, !accepted.contains(where: { $0.lowercased() == value.lowercased() }) {
                let list = accepted.count == 1 ? "only '\(accepted[0])' is" : "only \(Self.list(accepted)) are"
                report(name, "property '\(name)' is '\(value)', but \(list) supported: \(reason)")
            }
            return
        case .noEffect(let reason):
            notes.append("property '\(name)' has no effect: \(reason)")
        case .supported: break
        }
        if value.isEmpty { return }
        switch definition.kind {
        case .string, .password, .list: break
        case .boolean:
            if !["true", "false"].contains(value.lowercased()) { wrong(name, value, "true or false") }
        case .integer(let range):
            guard let number = Int(value), range.contains(number) else {
                return wrong(name, value, Self.describe(range))
            }
        case .milliseconds:
            guard let number = Int(value), (0...Int(Int32.max)).contains(number) else {
                return wrong(name, value, "milliseconds, a whole number from 0 to 2147483647")
            }
        case .choice(let accepted):
            if !accepted.contains(where: { $0.lowercased() == value.lowercased() }) {
                wrong(name, value, Self.list(accepted))
            }
        case .choices(let accepted):
            for part in Self.split(value) where !accepted.contains(part.lowercased()) {
                wrong(name, part, "values out of \(Self.list(accepted))")
            }
        case .expressions:
            do { _ = try NameExpressions(value) } catch {
                report(name, "property '\(name)': '\(error.text)' is not a valid regular expression")
            }
        }
    }

    private mutating func wrong(_ name: String, _ value: String, _ accepted: String) {
        report(name, "property '\(name)' is '\(value)'; accepted is \(accepted)")
    }

    private static func describe(_ range: ClosedRange<Int>) -> String {
        range.upperBound >= Int(Int32.max)
            ? "a whole number from \(range.lowerBound) on"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }

    private static func list(_ values: [String]) -> String {
        guard values.count > 1, let last = values.last else { return values.first ?? "" }
        return values.dropLast().joined(separator: ", ") + " or " + last
    }

    // MARK: Values. What `checkAll` reported reads as the default here.

    /// The property's text without surrounding blanks; nil when it is absent or empty.
    func string(_ name: String) -> String? {
        guard let value = properties[name]?.trimmingCharacters(in: .whitespaces), !value.isEmpty else { return nil }
        return value
    }

    func boolean(_ name: String, _ defaultValue: Bool) -> Bool {
        string(name).flatMap { Bool($0.lowercased()) } ?? defaultValue
    }

    func integer(_ name: String, _ defaultValue: Int) -> Int { string(name).flatMap { Int($0) } ?? defaultValue }

    func duration(_ name: String, _ defaultValue: Duration) -> Duration {
        string(name).flatMap { Int($0) }.map { .milliseconds($0) } ?? defaultValue
    }

    /// nil for 0, which switches off what the property times.
    func duration(_ name: String, zeroMeansNone defaultMilliseconds: Int) -> Duration? {
        let milliseconds = integer(name, defaultMilliseconds)
        return milliseconds > 0 ? .milliseconds(milliseconds) : nil
    }

    func choice<E: RawRepresentable & CaseIterable>(_ name: String, _ defaultValue: E) -> E where E.RawValue == String {
        guard let value = string(name)?.lowercased() else { return defaultValue }
        return E.allCases.first { $0.rawValue.lowercased() == value } ?? defaultValue
    }

    func choices<E: RawRepresentable & CaseIterable & Hashable>(_ name: String, _ defaultValue: Set<E>) -> Set<E>
    where E.RawValue == String {
        guard let value = string(name) else { return defaultValue }
        let names = Self.split(value).map { $0.lowercased() }
        return Set(E.allCases.filter { names.contains($0.rawValue.lowercased()) })
    }

    func list(_ name: String) -> [String] { string(name).map { Self.split($0) } ?? [] }

    /// The property's expressions; empty when it is absent or does not compile.
    func expressions(_ name: String) -> NameExpressions? {
        guard let value = string(name), let expressions = try? NameExpressions(value), !expressions.isEmpty else {
            return nil
        }
        return expressions
    }

    /// The properties whose names start with `prefix` and a rest, as (property, rest, value), in the order of names.
    func family(_ prefix: String) -> [(name: String, rest: String, value: String)] {
        properties.filter { $0.key.hasPrefix(prefix) && $0.key.count > prefix.count }
            .map { (name: $0.key, rest: String($0.key.dropFirst(prefix.count)), value: $0.value) }
            .sorted { $0.name < $1.name }
    }

    /// Parses `schema.table`; a table without a schema is in `public`.
    mutating func table(_ name: String) -> TableID? {
        guard let value = string(name) else { return nil }
        guard let table = Self.table(value) else {
            report(name, "property '\(name)' is '\(value)'; accepted is a table as schema.table")
            return nil
        }
        return table
    }

    static func table(_ text: String) -> TableID? {
        var parts: [String] = []
        var current = ""
        var isQuoted = false
        for character in text.trimmingCharacters(in: .whitespaces) {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ".", !isQuoted {
                parts.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        parts.append(current)
        guard !isQuoted, (1...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let table = parts[parts.count - 1]
        return TableID(schema: parts.count > 1 ? parts[parts.count - 2] : "public", table: table)
    }

    static func split(_ value: String) -> [String] {
        value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
