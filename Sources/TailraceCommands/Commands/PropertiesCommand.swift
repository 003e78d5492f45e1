import ArgumentParser
import PostgresCapture

struct PropertiesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "properties", abstract: "List the properties a connector takes, with their defaults.")

    @Argument(help: "Show only properties whose name or summary contains this.")
    var word: String?
    @Flag(help: "Print the whole reference as Markdown.")
    var markdown = false

    func run() throws {
        if markdown {
            print(ConfigurationReference.markdown(), terminator: "")
            return
        }
        let style = TextStyle.forOutput()
        let wanted = PropertyRegistry.all.filter { definition in
            guard let word = word?.lowercased() else { return true }
            return definition.name.lowercased().contains(word) || definition.summary.lowercased().contains(word)
        }
        if wanted.isEmpty {
            let suggestion =
                word.flatMap { PropertyRegistry.suggestion(for: $0) }.map { "; did you mean '\($0)'?" } ?? ""
            StandardError.error("no property contains '\(word ?? "")'\(suggestion)")
            throw ExitStatus.failure.code
        }
        for definition in wanted {
            let value = definition.defaultValue.map { " = \($0)" } ?? (definition.isRequired ? "  (required)" : "")
            print(style(definition.name, .bold) + value)
            print("    \(definition.summary)")
            if let limit = ConfigurationReference.limit(definition) { print("    " + style(limit, .yellow)) }
        }
    }
}
