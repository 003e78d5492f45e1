/// How to reach a server: libpq's keywords (`host`, `port`, `user`, `sslmode`, `service`, …) and a URL that may hold any
/// of them.
///
/// What is not set comes from libpq's environment variables, password file and service file, as with every libpq
/// client.
public struct ConnectionSettings: Sendable {
    /// A `postgresql://` URL or a keyword string; empty when only ``keywords`` are used.
    public var url: String
    /// libpq keywords; they win over the URL's.
    public var keywords: [String: String]
    /// How long connecting may take, all hosts together.
    public var connectTimeout: Duration
    /// SQL run on every new connection that reads or writes tables, not on the replication connection.
    public var initialStatements: [String]

    public init(
        url: String = "", keywords: [String: String] = [:], connectTimeout: Duration = .seconds(10),
        initialStatements: [String] = []
    ) {
        self.url = url
        self.keywords = keywords
        self.connectTimeout = connectTimeout
        self.initialStatements = initialStatements
    }

    /// What a connection is for; decides its session settings.
    public enum Purpose: Sendable {
        /// Catalog queries: nothing but `pg_catalog` is on the search path.
        case catalog
        /// Reading tables and running the user's statements, with the user's own search path.
        case data
        /// The walsender of a logical slot.
        case replication
    }

    /// The keywords in libpq's order of precedence: the URL first, so that later ones replace its values.
    func parameters(for purpose: Purpose) -> [(keyword: String, value: String)] {
        var list: [(keyword: String, value: String)] = []
        if !url.isEmpty { list.append(("dbname", url)) }
        for (keyword, value) in keywords.sorted(by: { $0.key < $1.key }) { list.append((keyword, value)) }
        if keywords["application_name"] == nil { list.append(("fallback_application_name", "tailrace")) }
        list.append(("client_encoding", "UTF8"))
        if purpose == .replication { list.append(("replication", "database")) }
        return list
    }
}
