import CLibpq
import Glibc

extension PostgresConnection {
    /// Runs one statement, or several without parameters, and gives the last one's rows.
    /// - Parameters:
    ///   - parameters: text forms for `$1`, `$2`, …; nil is NULL. A replication connection takes none.
    ///   - action: what the statement does, for messages: "creating slot 'a'".
    @discardableResult
    public func query(
        _ sql: String, _ parameters: [String?] = [], action: @autoclosure () -> String = "a query"
    ) throws(CaptureError) -> QueryResult {
        try send(sql, parameters, action: action())
        let deadline = statementTimeout.map { ContinuousClock.now + $0 }
        var last: OpaquePointer?
        var failure: CaptureError?
        while let result = try nextResult(deadline: deadline, action: action(), discarding: last) {
            if let previous = last { PQclear(previous) }
            last = result
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
            case PGRES_COPY_OUT, PGRES_COPY_IN, PGRES_COPY_BOTH:
                PQclear(result)
                close()
                throw CaptureError(code: .protocolViolation, detail: "\(action()) started a COPY unasked")
            default: failure = failure ?? error(of: result, action: action())
            }
        }
        if let failure {
            if let last { PQclear(last) }
            throw failure
        }
        guard let last else { throw lost(action()) }
        return QueryResult(last)
    }

    /// Runs a statement whose rows do not matter.
    public func execute(_ sql: String, action: @autoclosure () -> String = "a statement") throws(CaptureError) {
        _ = try query(sql, action: action())
    }

    // MARK: - Steps

    func send(_ sql: String, _ parameters: [String?] = [], action: @autoclosure () -> String) throws(CaptureError) {
        guard let handle else { throw CaptureError(code: .connectionLost, detail: "the connection is closed") }
        let sent: Int32
        if parameters.isEmpty {
            sent = PQsendQuery(handle, sql)
        } else {
            let values = parameters.map { $0.map { strdup($0) } ?? nil }
            defer { for value in values { free(value) } }
            let list = values.map { UnsafePointer<CChar>($0) }
            sent = PQsendQueryParams(handle, sql, Int32(list.count), nil, list, nil, nil, 0)
        }
        guard sent == 1 else { throw lost(action()) }
        try flushOutput(action: action())
    }

    /// Sends what libpq still holds, waiting for room in the socket.
    func flushOutput(action: @autoclosure () -> String) throws(CaptureError) {
        while true {
            guard let handle else { throw CaptureError(code: .connectionLost, detail: "the connection is closed") }
            let state = PQflush(handle)
            if state == 0 { return }
            if state < 0 { throw lost(action()) }
            try wait(for: POLLIN | POLLOUT, deadline: nil, action: action())
            if PQconsumeInput(handle) == 0 { throw lost(action()) }
        }
    }

    /// The next result of the statement under way, or nil after the last.
    /// - Parameter held: a result of the caller's that is cleared when this throws.
    func nextResult(
        deadline: ContinuousClock.Instant?, action: @autoclosure () -> String, discarding held: OpaquePointer? = nil
    ) throws(CaptureError) -> OpaquePointer? {
        do throws(CaptureError) {
            while let handle, PQisBusy(handle) == 1 {
                try wait(for: POLLIN, deadline: deadline, action: action())
                if PQconsumeInput(handle) == 0 { throw lost(action()) }
            }
        } catch {
            if let held { PQclear(held) }
            // Half an answer is left on the wire: nothing else can be asked on this connection.
            if error.code == .timeout || error.code == .cancelled { cancelAndClose() }
            throw error
        }
        return handle.flatMap { PQgetResult($0) }
    }

    /// Asks the server to stop the statement under way, and closes.
    private func cancelAndClose() {
        if let handle, let cancel = PQgetCancel(handle) {
            var reason = [CChar](repeating: 0, count: 256)
            _ = PQcancel(cancel, &reason, Int32(reason.count))
            PQfreeCancel(cancel)
        }
        close()
    }

    /// The error a failed result tells.
    func error(of result: OpaquePointer, action: String) -> CaptureError {
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        guard let state = field("C") else { return lost(action) }
        return .server(action: action, sqlState: state, message: field("M") ?? "")
    }

    /// The error for a connection that broke during `action`.
    func lost(_ action: String) -> CaptureError {
        let reason = CaptureError.firstLine(errorMessage)
        return CaptureError(code: .connectionLost, detail: "\(action): the connection was lost: \(reason)")
    }

    // MARK: - Quoting

    /// `name` as an SQL identifier.
    public static func quote(identifier name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// `text` as an SQL literal that reads the same under any `standard_conforming_strings`.
    public static func quote(literal text: String) -> String {
        let doubled = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        guard doubled.contains("\\") else { return "'\(doubled)'" }
        return " E'" + doubled.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\") + "'"
    }
}
