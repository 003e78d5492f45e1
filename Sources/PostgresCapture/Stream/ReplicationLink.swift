import ByteCoding
import CLibpq
import ChangeModel
import Glibc

/// A walsender that streams a slot's changes: the wire below the change stream.
///
/// libpq makes the connection. On an unencrypted one we then read and write the socket ourselves, because the walsender
/// is much faster when its reader lets bytes gather and takes them in large reads (``GatherPolicy``); libpq is idle then
/// and its buffers are empty. On an encrypted one libpq decrypts.
///
/// Blocks in `poll`; one owner, not thread-safe.
final class ReplicationLink {
    /// A read of fewer bytes has taken all that were there: the kernel's pieces are larger where more follow.
    private static let pieceByteCount = 16 << 10

    let connection: PostgresConnection
    private let socket: Int32
    private let isRaw: Bool

    /// Starts streaming on a replication connection that is not used for anything else any more.
    /// - Parameters:
    ///   - options: pgoutput's options by name.
    ///   - buffer: where what has arrived is put.
    init(
        _ connection: PostgresConnection, slot: String, from start: LSN, options: [(name: String, value: String)],
        into buffer: inout ReceiveBuffer
    ) throws(CaptureError) {
        guard let handle = connection.handle else {
            throw CaptureError(code: .connectionLost, detail: "the connection is closed")
        }
        self.connection = connection
        socket = PQsocket(handle)
        isRaw = !connection.isEncrypted
        if isRaw { ReceiveWindow.fix(socket) }
        let list = options.map {
            "\(PostgresConnection.quote(identifier: $0.name)) \(Self.plainLiteral($0.value))"
        }
        let sql = """
            START_REPLICATION SLOT \(PostgresConnection.quote(identifier: slot)) LOGICAL \(start) \
            (\(list.joined(separator: ", ")))
            """
        if isRaw {
            try startRaw(sql, slot: slot, into: &buffer)
        } else {
            try startThroughLibpq(sql, handle, slot: slot)
        }
    }

    private func startThroughLibpq(_ sql: String, _ handle: OpaquePointer, slot: String) throws(CaptureError) {
        let action = "streaming from slot '\(slot)'"
        try connection.send(sql, action: action)
        guard let result = try connection.nextResult(deadline: nil, action: action) else {
            throw connection.lost(action)
        }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COPY_BOTH else { throw connection.error(of: result, action: action) }
    }

    /// Sends the query as libpq would (message Query) and waits for CopyBothResponse.
    private func startRaw(_ sql: String, slot: String, into buffer: inout ReceiveBuffer) throws(CaptureError) {
        var query = ByteBuffer()
        query.append(UInt8(ascii: "Q"))
        query.append(bigEndian: Int32(sql.utf8.count + 5))
        query.append(sql)
        query.append(0)
        try write(query.span)
        while true {
            while let frame = try buffer.nextFrame() {
                if frame.kind == UInt8(ascii: "W") { return }
                if frame.kind == UInt8(ascii: "E") {
                    throw serverError(buffer.bytes.extracting(frame.body), action: "streaming from slot '\(slot)'")
                }
            }
            _ = try waitForBytes(for: .seconds(60))
            _ = try read(into: &buffer)
        }
    }

    /// The replication grammar knows no escape strings.
    private static func plainLiteral(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    // MARK: - Reading

    /// Reads what is there, without waiting.
    /// - Returns: how many bytes came; 0 when none are there yet.
    func read(into buffer: inout ReceiveBuffer) throws(CaptureError) -> Int {
        guard isRaw else { return try readThroughLibpq(into: &buffer) }
        return try buffer.fill { room throws(CaptureError) in
            guard let start = room.baseAddress else { return 0 }
            var total = 0
            // Each read opens the window for what waits in the server's send queue: all of that is taken at once.
            while total < room.count {
                let count = recv(self.socket, start + total, room.count - total, Int32(MSG_DONTWAIT))
                if count > 0 {
                    total += count
                    if count < Self.pieceByteCount { break }
                    continue
                }
                if count < 0, errno == EINTR { continue }
                // What came before the end is handled first; the next read finds the end again.
                if total > 0 || (count < 0 && errno == EAGAIN) { break }
                if count == 0 { throw Self.closed }
                throw CaptureError(code: .connectionLost, detail: "reading the change stream failed: errno \(errno)")
            }
            return total
        }
    }

    private static let closed = CaptureError(
        code: .connectionLost, detail: "the server closed the replication connection")

    private func readThroughLibpq(into buffer: inout ReceiveBuffer) throws(CaptureError) -> Int {
        guard let handle = connection.handle else {
            throw CaptureError(code: .connectionLost, detail: "the connection is closed")
        }
        buffer.compact()
        var total = 0
        var emptyRounds = 0
        // One call takes one TLS record, which is often one message, and up to a few where a record is large: only
        // several calls without a whole message mean that nothing is left, in the socket or in the decryption.
        while total < ReceiveBuffer.usualCapacity, emptyRounds < 3 {
            if PQconsumeInput(handle) == 0 { throw connection.lost("streaming") }
            let before = total
            while true {
                var start: UnsafeMutablePointer<CChar>?
                let length = PQgetCopyData(handle, &start, 1)
                if length == 0 { break }
                guard length > 0, let start else {
                    // What came before the end is handled first; the next read finds the end again.
                    if total > 0 { return total }
                    throw ended(handle)
                }
                buffer.append(copyData: UnsafeRawBufferPointer(start: start, count: Int(length)))
                PQfreemem(start)
                total += Int(length)
            }
            emptyRounds = total == before ? emptyRounds + 1 : 0
        }
        return total
    }

    private func ended(_ handle: OpaquePointer) -> CaptureError {
        guard let result = PQgetResult(handle) else { return Self.closed }
        defer { PQclear(result) }
        return connection.error(of: result, action: "streaming")
    }

    /// The error in an ErrorResponse: fields of a code byte and a string, ended by a zero byte.
    func serverError(_ body: Span<UInt8>, action: String = "streaming") -> CaptureError {
        var reader = ByteReader(body)
        var sqlState = ""
        var message = ""
        while let code = try? reader.read(UInt8.self), code != 0, let text = try? reader.readCString() {
            if code == UInt8(ascii: "C") { sqlState = Self.string(text) }
            if code == UInt8(ascii: "M") { message = Self.string(text) }
        }
        return .server(action: action, sqlState: sqlState, message: message)
    }

    private static func string(_ bytes: Span<UInt8>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: - Waiting

    /// Waits until bytes arrive or the time is over.
    /// - Returns: true when there is something to read.
    /// - Throws: `cancelled` when the interrupt fires.
    func waitForBytes(for duration: Duration) throws(CaptureError) -> Bool {
        var entries = (
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: connection.interrupt.descriptor, events: Int16(POLLIN), revents: 0)
        )
        let count = withUnsafeMutablePointer(to: &entries) {
            $0.withMemoryRebound(to: pollfd.self, capacity: 2) { poll($0, 2, duration.pollMilliseconds) }
        }
        if connection.interrupt.isFired {
            throw CaptureError(code: .cancelled, detail: "streaming was stopped")
        }
        if count < 0, errno != EINTR {
            throw CaptureError(code: .connectionLost, detail: "waiting for changes failed: errno \(errno)")
        }
        return entries.0.revents != 0
    }

    /// Lets bytes gather.
    func gather(for pause: Duration) {
        var time = timespec(tv_sec: 0, tv_nsec: Int(pause / .nanoseconds(1)))
        nanosleep(&time, nil)
    }

    // MARK: - Writing

    /// Tells the server how far we are: Standby Status Update.
    /// - Parameters:
    ///   - received: the end of what has arrived.
    ///   - durable: what the server may forget; `invalid` confirms nothing.
    func sendStatus(received: LSN, durable: LSN, now: Int64) throws(CaptureError) {
        var message = ByteBuffer(capacity: 48)
        message.append(UInt8(ascii: "d"))
        message.append(bigEndian: Int32(4 + 34))
        message.append(UInt8(ascii: "r"))
        message.append(bigEndian: max(received, durable).rawValue)
        message.append(bigEndian: durable.rawValue)
        message.append(bigEndian: durable.rawValue)
        message.append(bigEndian: now - 946_684_800_000_000)
        message.append(0)
        if isRaw {
            try write(message.span)
        } else {
            try putThroughLibpq(message.span.extracting(5..<message.count))
        }
    }

    private func write(_ bytes: Span<UInt8>) throws(CaptureError) {
        var sent = 0
        while sent < bytes.count {
            let rest = bytes.extracting(sent..<bytes.count)
            let count = rest.withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try connection.wait(for: POLLOUT, deadline: nil, action: "confirming changes")
            } else if errno != EINTR {
                throw CaptureError(code: .connectionLost, detail: "confirming changes failed: errno \(errno)")
            }
        }
    }

    private func putThroughLibpq(_ bytes: Span<UInt8>) throws(CaptureError) {
        guard let handle = connection.handle else {
            throw CaptureError(code: .connectionLost, detail: "the connection is closed")
        }
        let status = bytes.withUnsafeBytes {
            PQputCopyData(handle, $0.assumingMemoryBound(to: CChar.self).baseAddress, Int32($0.count))
        }
        guard status == 1 else { throw connection.lost("confirming changes") }
        try connection.flushOutput(action: "confirming changes")
    }
}
