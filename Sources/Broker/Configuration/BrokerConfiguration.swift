/// The broker's settings as they were given, checked one by one.
public struct BrokerConfiguration: Sendable, Equatable {
    /// What was set, by name; the rest are defaults.
    public private(set) var values: [String: String] = [:]
    /// Whether there is a broker at all.
    public var isEnabled = true

    public init() {}

    /// What is wrong with a setting. The text names it and what is acceptable, never a secret's value.
    public struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        public let description: String
        public init(_ description: String) { self.description = description }
    }

    /// Sets a setting by its name, which may begin with `listener.name.<listener>.` for TLS and SASL.
    public mutating func set(_ name: String, to value: String) throws(Problem) {
        guard let setting = Self.setting(named: name) else {
            throw Problem("setting 'broker.\(name)' is not known")
        }
        if let accepted = setting.problem(with: value) {
            let shown = setting.isSensitive ? "" : " is '\(value)';"
            throw Problem("setting 'broker.\(name)'\(shown) accepted is \(accepted)")
        }
        values[name] = value
    }

    /// Whether there is such a setting.
    public static func isKnown(_ name: String) -> Bool { setting(named: name) != nil }

    /// The definition behind a name, which may be one listener's.
    static func setting(named name: String) -> BrokerSetting? {
        if let setting = BrokerSetting.byName[name] { return setting }
        if name.hasPrefix(BrokerSetting.userPrefix), name.count > BrokerSetting.userPrefix.count {
            return BrokerSetting.user
        }
        guard name.hasPrefix("listener.name.") else { return nil }
        let rest = name.dropFirst("listener.name.".count)
        guard let dot = rest.firstIndex(of: ".") else { return nil }
        let inner = String(rest[rest.index(after: dot)...])
        guard inner.hasPrefix("ssl.") || inner.hasPrefix("sasl.") else { return nil }
        return BrokerSetting.byName[inner]
    }

    /// The value in force, or nil where there is none.
    public func value(_ name: String) -> String? {
        if let value = values[name] { return value }
        return BrokerSetting.byName[name]?.defaultValue
    }

    /// The same for one listener, whose own setting goes before the general one.
    func value(_ name: String, listener: String) -> String? {
        values["listener.name.\(listener.lowercased()).\(name)"] ?? value(name)
    }

    /// A whole number's value; the setting must have one.
    public func integer(_ name: String) -> Int {
        guard let value = value(name), let number = Int(value) else {
            preconditionFailure("setting '\(name)' is not a number with a default")
        }
        return number
    }

    public func boolean(_ name: String) -> Bool { value(name)?.lowercased() == "true" }

    public func list(_ name: String) -> [String] {
        (value(name) ?? "").split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }
    }

    /// The listeners.
    /// - Throws: ``Problem`` where they, or the settings that speak of them, do not fit together.
    func listeners() throws(Problem) -> [Listener] { try Listener.parse(self) }

    /// Checks what the settings say together.
    public func check() throws(Problem) { _ = try listeners() }
}
