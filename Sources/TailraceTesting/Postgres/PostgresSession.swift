import CLibpq

/// One connection for a test's own SQL. One task at a time uses it; calls block, so keep statements short.
public final class PostgresSession: @unchecked Sendable {
    private let handle: OpaquePointer

    /// - Parameter conninfo: a libpq connection string or URL.
    /// - Throws: ``FixtureError`` with libpq's words.
    public init(_ conninfo: String) throws {
        guard let handle = PQconnectdb(conninfo) else { throw FixtureError("libpq could not allocate a connection") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else {
            throw FixtureError("connecting: \(String(cString: PQerrorMessage(handle)))")
        }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// Runs one or more statements and returns the last one's rows.
    /// - Throws: ``FixtureError`` with the server's words.
    @discardableResult
    public func query(_ sql: String) throws -> [[String?]] {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK else {
            throw FixtureError(String(cString: PQerrorMessage(handle)))
        }
        return (0..<PQntuples(result)).map { row in
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
            }
        }
    }

    /// The first column of the first row, or nil.
    public func value(_ sql: String) throws -> String? { try query(sql).first?.first ?? nil }
}

extension PostgresServer {
    /// Connects as the superuser over the Unix socket, which nothing but a stop of the server breaks.
    public func session(database: String = "postgres") throws -> PostgresSession {
        try PostgresSession("host=\(socketDirectory) port=\(port) user=\(Self.user) dbname=\(database)")
    }
}
