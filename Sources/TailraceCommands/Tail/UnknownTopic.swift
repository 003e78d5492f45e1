import PostgresCapture

/// A topic that was named and does not exist.
struct UnknownTopic: Error, CustomStringConvertible {
    let name: String
    let known: [String]
    var description: String {
        let suggestion = ClosestName.to(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
        return "there is no topic '\(name)'\(suggestion)"
    }
}
