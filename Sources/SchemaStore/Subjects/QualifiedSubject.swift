/// A subject and the context it is in: `:.context:subject`, or the subject alone in the default context.
public struct QualifiedSubject: Hashable, Sendable, Comparable {
    /// Begins with a dot; `.` alone is the default context.
    public let context: String
    public let name: String

    public static let defaultContext = "."
    static let globalContext = ".__GLOBAL"
    /// The prefix that stands for every context.
    public static let allContexts = ":*:"

    public init(context: String, name: String) {
        self.context = context
        self.name = name
    }

    public init(_ text: String) {
        if text.hasPrefix(":.") {
            let rest = text.dropFirst()
            if let colon = rest.firstIndex(of: ":") {
                self.init(context: String(rest[..<colon]), name: String(rest[rest.index(after: colon)...]))
            } else {
                self.init(context: String(rest), name: "")
            }
        } else {
            self.init(context: Self.defaultContext, name: text)
        }
    }

    public var isInDefaultContext: Bool { context == Self.defaultContext }
    /// The context's part of the text, empty for the default context.
    public var contextPrefix: String { isInDefaultContext ? "" : ":\(context):" }
    public var text: String { contextPrefix + name }

    /// `subject` in this one's context, unless it names its own.
    public func qualifying(_ subject: String) -> String {
        let other = QualifiedSubject(subject)
        return other.isInDefaultContext ? QualifiedSubject(context: context, name: other.name).text : other.text
    }

    /// Whether the registry takes schemas under it.
    static func isValid(_ text: String, isConfigOrMode: Bool) -> Bool {
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return false }
        let subject = QualifiedSubject(text)
        guard subject.name != "__GLOBAL", subject.name != "__EMPTY" else { return false }
        return isConfigOrMode || subject.context != globalContext
    }

    public static func < (a: Self, b: Self) -> Bool {
        a.context == b.context ? a.name < b.name : a.context < b.context
    }
}
