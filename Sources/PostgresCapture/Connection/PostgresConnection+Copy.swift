import CLibpq
import Glibc

extension PostgresConnection {
    /// Runs a `COPY … TO STDOUT` and lends its rows one after the other, each without its framing and valid during the
    /// call only.
    ///
    /// When `body` throws, the copy is abandoned: the connection is closed, because the rest of the rows is on its way.
    /// - Returns: how many rows came.
    @discardableResult
    public func copyOut(
        _ sql: String, action: @autoclosure () -> String = "a copy",
        _ body: (Span<UInt8>) throws(CaptureError) -> Void
    ) throws(CaptureError) -> Int {
        try beginCopyOut(sql, action: action())
        var count = 0
        while try nextCopyRow(action: action(), body) { count += 1 }
        return count
    }

    /// Starts a `COPY … TO STDOUT`; ``nextCopyRow(action:_:)`` then gives its rows.
    public func beginCopyOut(_ sql: String, action: @autoclosure () -> String = "a copy") throws(CaptureError) {
        try send(sql, action: action())
        guard let result = try nextResult(deadline: nil, action: action()) else { throw lost(action()) }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COPY_OUT else {
            let failure = error(of: result, action: action())
            while let rest = try nextResult(deadline: nil, action: action()) { PQclear(rest) }
            throw failure
        }
    }

    /// Lends the next row of the copy under way.
    /// - Returns: false when the copy has ended and the connection is free for other statements.
    public func nextCopyRow(
        action: @autoclosure () -> String = "a copy", _ body: (Span<UInt8>) throws(CaptureError) -> Void
    ) throws(CaptureError) -> Bool {
        while true {
            guard let handle else { throw CaptureError(code: .connectionLost, detail: "the connection is closed") }
            var start: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(handle, &start, 1)
            if length > 0, let start {
                defer { PQfreemem(start) }
                // SAFETY: libpq gave us `length` bytes at `start`; they are freed after the call.
                let bytes = UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
                let row = UnsafeBufferPointer(start: bytes, count: Int(length))
                do throws(CaptureError) {
                    try body(row.span)
                } catch {
                    close()
                    throw error
                }
                return true
            }
            if length == 0 {
                try wait(for: POLLIN, deadline: nil, action: action())
                if PQconsumeInput(handle) == 0 { throw lost(action()) }
                continue
            }
            if length == -2 { throw lost(action()) }
            break
        }
        var failure: CaptureError?
        while let result = try nextResult(deadline: nil, action: action()) {
            if PQresultStatus(result) != PGRES_COMMAND_OK, failure == nil {
                failure = error(of: result, action: action())
            }
            PQclear(result)
        }
        if let failure { throw failure }
        return false
    }
}
