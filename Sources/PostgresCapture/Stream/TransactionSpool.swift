import ByteCoding
import ChangeModel
import Foundation
import Glibc

/// The messages of one transaction whose end is not known yet, on disk: a transaction that is streamed while it runs, or
/// one that is prepared.
///
/// The file has no name and goes with the process. An entry is the position (8 bytes), the length (4 bytes) and the
/// message. One owner; not thread-safe.
final class TransactionSpool {
    private static let bufferByteCount = 256 << 10

    private let descriptor: Int32
    private var pending = ByteBuffer(capacity: 4096)
    private(set) var byteCount = 0
    /// Subtransactions that were rolled back; what they changed is left out.
    var abortedTransactions: Set<UInt32> = []
    /// Where the transaction was prepared; nil for one that is streamed while it runs.
    var prepareLSN: LSN?

    /// - Throws: `spill` when the system has no room for temporary files.
    init(prepareLSN: LSN? = nil) throws(CaptureError) {
        self.prepareLSN = prepareLSN
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(folder)/tailrace-spool-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Self.failure("cannot make a file in \(folder)") }
        unlink(template)
    }

    deinit { close(descriptor) }

    func append(_ message: Span<UInt8>, at start: LSN) throws(CaptureError) {
        pending.append(bigEndian: start.rawValue)
        pending.append(bigEndian: UInt32(message.count))
        pending.append(message)
        if pending.count >= Self.bufferByteCount { try flush() }
    }

    private func flush() throws(CaptureError) {
        try Self.write(pending, to: descriptor, at: byteCount)
        byteCount += pending.count
        pending.removeAll()
    }

    private static func write(
        _ buffer: borrowing ByteBuffer, to descriptor: Int32, at offset: Int
    ) throws(CaptureError) {
        let bytes = buffer.span
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, off_t(offset + done))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("cannot write")
            }
            done += count
        }
    }

    /// Reads the entries from the first on.
    func makeReader() throws(CaptureError) -> Reader {
        try flush()
        return Reader(self)
    }

    /// One pass over a spool, in large reads.
    struct Reader: ~Copyable {
        private static var headerByteCount: Int { 12 }

        private let spool: TransactionSpool
        /// What of the file is in memory: `window` bytes that end at `offset`.
        private var window = ByteBuffer(capacity: TransactionSpool.bufferByteCount)
        private var offset = 0
        /// Where the next entry begins in the window.
        private var next = 0
        private var message = 0..<0
        /// Of the present entry.
        private(set) var start = LSN.invalid

        fileprivate init(_ spool: TransactionSpool) { self.spool = spool }

        /// The present entry's message.
        var bytes: Span<UInt8> {
            @_lifetime(borrow self) borrowing get { window.span.extracting(message) }
        }

        /// Goes to the next entry that counts.
        /// - Returns: false after the last.
        mutating func advance() throws(CaptureError) -> Bool {
            while try load(Self.headerByteCount) {
                guard let header = Self.header(window.span.extracting(next..<next + Self.headerByteCount)),
                    try load(Self.headerByteCount + header.length)
                else { throw TransactionSpool.failure("the file ends inside an entry") }
                start = header.start
                message = (next + Self.headerByteCount)..<(next + Self.headerByteCount + header.length)
                next = message.upperBound
                if !Self.isAborted(window.span.extracting(message), spool.abortedTransactions) { return true }
            }
            return false
        }

        private static func header(_ bytes: Span<UInt8>) -> (start: LSN, length: Int)? {
            var reader = ByteReader(bytes)
            guard let start = try? reader.read(UInt64.self), let length = try? reader.read(UInt32.self) else {
                return nil
            }
            return (LSN(rawValue: start), Int(length))
        }

        /// Relations are kept even of subtransactions that were rolled back: the server does not send them again.
        private static func isAborted(_ message: Span<UInt8>, _ aborted: Set<UInt32>) -> Bool {
            guard !aborted.isEmpty else { return false }
            var reader = ByteReader(message)
            guard let kind = try? reader.read(UInt8.self), kind != UInt8(ascii: "R"), kind != UInt8(ascii: "O"),
                let transactionID = try? reader.read(UInt32.self)
            else { return false }
            return aborted.contains(transactionID)
        }

        /// Has `count` bytes of the next entry in memory.
        /// - Returns: false when the file ends first.
        private mutating func load(_ count: Int) throws(CaptureError) -> Bool {
            if window.count - next >= count { return true }
            let rest = window.count - next
            offset -= rest
            window.removeAll()
            next = 0
            let descriptor = spool.descriptor
            while window.count < count {
                let position = offset
                var got = 0
                try window.append(room: max(count - window.count, TransactionSpool.bufferByteCount)) {
                    room throws(CaptureError) in
                    got = pread(descriptor, room.baseAddress, room.count, off_t(position))
                    if got < 0, errno != EINTR { throw TransactionSpool.failure("cannot read") }
                    return max(got, 0)
                }
                if got == 0 { return false }
                offset += max(got, 0)
            }
            return true
        }
    }

    private static func failure(_ what: String) -> CaptureError {
        CaptureError(
            code: .spill, detail: "spilling a transaction to disk: \(what): errno \(errno)",
            remedy: "Make room for temporary files, or point TMPDIR to where there is some")
    }
}
