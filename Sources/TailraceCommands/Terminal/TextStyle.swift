import Foundation

/// Colours and weights for a terminal; plain text elsewhere.
struct TextStyle: Sendable {
    let isEnabled: Bool

    enum Ink: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case cyan = "36"
        case dim = "2"
        case bold = "1"
    }

    func callAsFunction(_ text: String, _ inks: Ink...) -> String {
        guard isEnabled, !text.isEmpty else { return text }
        return "\u{1B}[\(inks.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
    }

    static let plain = TextStyle(isEnabled: false)

    /// By the conventions of terminals: `NO_COLOR` and `TERM=dumb` switch colours off, as does output to a file or pipe.
    static func forOutput(_ descriptor: Int32 = STDOUT_FILENO) -> TextStyle {
        let environment = ProcessInfo.processInfo.environment
        let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
        return TextStyle(isEnabled: isatty(descriptor) == 1 && !isPlain)
    }
}
