/// A connection that is opened on first use and again after it broke. One owner; not thread-safe.
public final class LazyConnection {
    private let settings: ConnectionSettings
    private let purpose: ConnectionSettings.Purpose
    private let interrupt: Interrupt
    private let statementTimeout: Duration?
    private var connection: PostgresConnection?

    public init(
        _ settings: ConnectionSettings, for purpose: ConnectionSettings.Purpose, interrupt: Interrupt,
        statementTimeout: Duration? = nil
    ) {
        self.settings = settings
        self.purpose = purpose
        self.interrupt = interrupt
        self.statementTimeout = statementTimeout
    }

    /// Lends the connection. When it was open before and turns out to be broken, `body` runs once more on a new one:
    /// it must be safe to repeat.
    public func use<Value>(
        _ body: (PostgresConnection) throws(CaptureError) -> Value
    ) throws(CaptureError) -> Value {
        if let connection, connection.isOpen {
            do throws(CaptureError) {
                return try body(connection)
            } catch {
                guard error.code == .connectionLost || error.code == .unreachable else { throw error }
            }
        }
        let fresh = try PostgresConnection(settings, for: purpose, interrupt: interrupt)
        fresh.statementTimeout = statementTimeout
        connection = fresh
        return try body(fresh)
    }

    public func close() {
        connection?.close()
        connection = nil
    }
}
