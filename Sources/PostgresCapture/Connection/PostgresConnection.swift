import CLibpq
import Glibc

/// One connection to a server, through libpq.
///
/// Calls block the calling thread in `poll`, never in libpq, until the server answers, the deadline passes or the
/// interrupt fires: run them on a ``CaptureExecutor``. One owner at a time; not thread-safe. Closed when released.
public final class PostgresConnection: @unchecked Sendable {
    /// nil once closed.
    var handle: OpaquePointer?
    /// Ends waits when it fires.
    public let interrupt: Interrupt
    public let purpose: ConnectionSettings.Purpose
    /// How long one statement may take; nil waits as long as the server works.
    public var statementTimeout: Duration?

    /// Connects, and applies the session settings that the text forms of values depend on.
    /// - Throws: ``CaptureError``: `authentication`, `unreachable`, `tls`, `databaseMissing`, `limitReached`, `timeout`,
    ///   `cancelled`, `invalidConfiguration`.
    public init(
        _ settings: ConnectionSettings, for purpose: ConnectionSettings.Purpose = .data,
        interrupt: Interrupt = Interrupt()
    ) throws(CaptureError) {
        self.interrupt = interrupt
        self.purpose = purpose
        let parameters = settings.parameters(for: purpose)
        handle = Self.start(parameters)
        guard let handle else {
            throw CaptureError(code: .unreachable, detail: "libpq could not allocate a connection")
        }
        // Verbose errors are the only way libpq tells the SQLSTATE of a refused connection.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        do throws(CaptureError) {
            try finishConnecting(deadline: .now + settings.connectTimeout)
            try applySessionSettings(settings)
        } catch {
            close()
            throw error
        }
    }

    deinit { close() }

    /// Ends the connection; later calls fail with `connectionLost`.
    public func close() {
        if let handle { PQfinish(handle) }
        handle = nil
    }

    /// True while the connection is open as far as this side knows.
    public var isOpen: Bool { handle.map { PQstatus($0) == CONNECTION_OK } ?? false }

    /// The server's version as a number: 150018 is 15.18.
    public var serverVersion: Int { handle.map { Int(PQserverVersion($0)) } ?? 0 }

    /// True when the connection is encrypted, by TLS or GSSAPI.
    public var isEncrypted: Bool {
        guard let handle else { return false }
        return PQsslInUse(handle) != 0 || PQgssEncInUse(handle) != 0
    }

    public var isTLS: Bool { handle.map { PQsslInUse($0) != 0 } ?? false }

    /// The server process that serves this connection.
    public var backendPID: Int32 { handle.map { PQbackendPID($0) } ?? 0 }

    public var databaseName: String { handle.flatMap { PQdb($0) }.map { String(cString: $0) } ?? "" }
    public var userName: String { handle.flatMap { PQuser($0) }.map { String(cString: $0) } ?? "" }

    /// `host:port/database as user`, for messages.
    public var target: String {
        guard let handle else { return "a closed connection" }
        let host = PQhost(handle).map { String(cString: $0) } ?? ""
        let port = PQport(handle).map { String(cString: $0) } ?? ""
        return "\(host):\(port)/\(databaseName) as \(userName)"
    }

    // MARK: - Connecting

    private static func start(_ parameters: [(keyword: String, value: String)]) -> OpaquePointer? {
        // libpq copies the strings before it returns.
        let keywords = parameters.map { strdup($0.keyword) }
        let values = parameters.map { strdup($0.value) }
        defer { for copy in keywords + values { free(copy) } }
        let keywordList = keywords.map { UnsafePointer<CChar>($0) } + [nil]
        let valueList = values.map { UnsafePointer<CChar>($0) } + [nil]
        return PQconnectStartParams(keywordList, valueList, 1)
    }

    private func finishConnecting(deadline: ContinuousClock.Instant) throws(CaptureError) {
        var waitsFor = PGRES_POLLING_WRITING
        while true {
            guard let handle, PQstatus(handle) != CONNECTION_BAD else {
                throw CaptureError.connecting(to: target, message: errorMessage)
            }
            do throws(CaptureError) {
                try wait(
                    for: waitsFor == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline: deadline,
                    action: "connecting to \(target)")
            } catch {
                guard error.code == .timeout else { throw error }
                throw CaptureError(
                    code: .unreachable, detail: "\(target) did not answer in time",
                    remedy: "Check database.hostname and database.port, and the network between")
            }
            waitsFor = PQconnectPoll(handle)
            if waitsFor == PGRES_POLLING_OK { break }
            if waitsFor == PGRES_POLLING_FAILED {
                throw CaptureError.connecting(to: target, message: errorMessage)
            }
        }
        guard PQsetnonblocking(handle, 1) == 0 else {
            throw CaptureError(code: .connectionLost, detail: "the connection refused non-blocking mode")
        }
    }

    /// The text forms of values depend on these; the search path stays the user's own except for catalog queries, which
    /// must not meet somebody's functions.
    private func applySessionSettings(_ settings: ConnectionSettings) throws(CaptureError) {
        var statements = [
            "SET DateStyle = 'ISO, MDY'", "SET IntervalStyle = 'postgres'", "SET TimeZone = 'UTC'",
            "SET extra_float_digits = 3", "SET bytea_output = 'hex'",
        ]
        if purpose == .catalog { statements.append("SET search_path = pg_catalog") }
        if purpose != .replication {
            statements.append("SET statement_timeout = 0")
            statements.append("SET idle_in_transaction_session_timeout = 0")
        }
        for statement in statements { try execute(statement) }
        if purpose == .data {
            for statement in settings.initialStatements { try execute(statement) }
        }
    }

    // MARK: - Waiting

    /// libpq's last error text.
    var errorMessage: String { handle.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? "" }

    /// Waits until the socket is ready, the deadline passes or the interrupt fires.
    func wait(
        for events: Int32, deadline: ContinuousClock.Instant?, action: @autoclosure () -> String
    ) throws(CaptureError) {
        guard let handle else { throw CaptureError(code: .connectionLost, detail: "the connection is closed") }
        while true {
            if interrupt.isFired { throw CaptureError(code: .cancelled, detail: "\(action()) was cancelled") }
            let rest = deadline.map { max(.zero, $0 - .now) }
            var entries = [
                pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0),
                pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&entries, 2, rest?.pollMilliseconds ?? -1)
            if count < 0, errno != EINTR {
                throw CaptureError(code: .connectionLost, detail: "waiting for the server failed: errno \(errno)")
            }
            if count > 0, entries[0].revents != 0 { return }
            if count == 0, rest == .zero {
                throw CaptureError(code: .timeout, detail: "\(action()) did not end in time")
            }
        }
    }
}

extension ContinuousClock.Instant {
    static var now: Self { ContinuousClock.now }
}
