import CLibpq

/// What a database URL (or libpq keyword string) says, field by field, with libpq's environment and defaults behind it.
struct ConnectionTarget: Equatable, Sendable {
    var keywords: [String: String]

    struct Malformed: Error { let reason: String }

    /// - Throws: ``Malformed`` with libpq's reason.
    init(_ url: String) throws(Malformed) {
        keywords = [:]
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            let reason = message.map { String(cString: $0) } ?? "it cannot be read"
            PQfreemem(message)
            throw Malformed(reason: reason.split(whereSeparator: \.isNewline).joined(separator: " "))
        }
        keywords = Self.read(options)
        PQconninfoFree(options)
        if let defaults = PQconndefaults() {
            keywords.merge(Self.read(defaults)) { given, _ in given }
            PQconninfoFree(defaults)
        }
    }

    private static func read(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var result: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { result[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return result
    }

    var host: String { keywords["host"] ?? keywords["hostaddr"] ?? "localhost" }
    var port: String { keywords["port"] ?? "5432" }
    var user: String { keywords["user"] ?? "postgres" }
    var database: String { keywords["dbname"] ?? user }
    var sslMode: String { keywords["sslmode"] ?? "prefer" }
    var hasPassword: Bool { !(keywords["password"] ?? "").isEmpty }
}
