/// A setting of access control that cannot be used. Its text holds no secret.
public struct AccessError: Error, Sendable, Equatable, CustomStringConvertible {
    public let setting: String
    public let problem: String

    public init(setting: String, problem: String) {
        self.setting = setting
        self.problem = problem
    }

    public var description: String { "setting '\(setting)': \(problem)" }
}
