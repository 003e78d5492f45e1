import ByteCoding
import ChangeModel
import Glibc

/// The bytes that came from a walsender and were not handled yet, cut into the protocol's messages.
///
/// A message is a kind (one byte), a length that counts itself (Int32), and the body. One owner; not thread-safe. Memory
/// grows to the largest message and is given back when that one has passed.
struct ReceiveBuffer: ~Copyable {
    /// One whole message; `body` is a range of ``ReceiveBuffer/bytes``.
    struct Frame {
        let kind: UInt8
        let body: Range<Int>
    }

    /// The usual size: what one read takes at most.
    static let usualCapacity = 1 << 20
    /// The server sends no message above 1 GiB.
    private static let frameByteCountMax = 1 << 30

    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var head = 0
    private var tail = 0

    init() {
        capacity = Self.usualCapacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// Everything in memory, for the ranges of frames.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self) get {
            // SAFETY: `tail` bytes from `base` are initialized, and the borrow keeps them in place.
            let span = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(base), count: tail))
            return _overrideLifetime(span, borrowing: self)
        }
    }

    var isEmpty: Bool { head == tail }
    /// How many bytes wait, whole frames and the beginning of one.
    var byteCount: Int { tail - head }

    /// The next whole message, or nil when more bytes are needed.
    /// - Throws: ``DecodeError`` for a length that no server sends.
    mutating func next() throws(DecodeError) -> Frame? {
        guard tail - head >= 5 else { return nil }
        let length = Int(bigEndian(at: head + 1))
        guard length >= 4, length <= Self.frameByteCountMax else { throw .malformed("an impossible message length") }
        guard tail - head > length else { return nil }
        let frame = Frame(kind: base[head], body: (head + 5)..<(head + 1 + length))
        head += 1 + length
        return frame
    }

    /// ``next()`` with the failure as what it means for the connection.
    mutating func nextFrame() throws(CaptureError) -> Frame? {
        do throws(DecodeError) {
            return try next()
        } catch {
            throw CaptureError(code: .protocolViolation, detail: "the server sent a malformed message: \(error)")
        }
    }

    /// Lends free room to `fill`, which returns how many bytes it put there. Ranges of earlier frames are void after.
    mutating func fill(
        _ fill: (UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int
    ) throws(CaptureError) -> Int {
        makeRoom()
        let count = try fill(UnsafeMutableRawBufferPointer(start: base + tail, count: capacity - tail))
        precondition(count >= 0 && count <= capacity - tail, "more bytes than there was room for")
        tail += count
        return count
    }

    /// Appends a message as it would have come from the socket.
    mutating func append(copyData: UnsafeRawBufferPointer) {
        reserve(copyData.count + 5)
        base[tail] = UInt8(ascii: "d")
        var length = UInt32(copyData.count + 4).bigEndian
        memcpy(base + tail + 1, &length, 4)
        if let start = copyData.baseAddress { memcpy(base + tail + 5, start, copyData.count) }
        tail += copyData.count + 5
    }

    mutating func compact() {
        if head == tail {
            head = 0
            tail = 0
        }
    }

    // MARK: - Memory

    /// Makes room for a read: moves what is left to the front, grows for a message that does not fit, shrinks after it.
    private mutating func makeRoom() {
        compact()
        let rest = tail - head
        var wanted = max(Self.usualCapacity, rest + Self.usualCapacity / 2)
        if rest <= Self.usualCapacity / 2 { wanted = Self.usualCapacity }
        if rest >= 5 { wanted = max(wanted, Int(bigEndian(at: head + 1)) + 1) }
        if wanted != capacity {
            move(toCapacity: wanted)
        } else if head > 0, capacity - tail < capacity / 2 {
            memmove(base, base + head, rest)
            head = 0
            tail = rest
        }
    }

    private mutating func move(toCapacity size: Int) {
        let rest = tail - head
        let other = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        memcpy(other, base + head, rest)
        base.deallocate()
        base = other
        capacity = size
        head = 0
        tail = rest
    }

    private mutating func reserve(_ count: Int) {
        if capacity - tail < count { move(toCapacity: max(capacity, (tail - head + count) * 2)) }
    }

    private func bigEndian(at offset: Int) -> UInt32 {
        UInt32(bigEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt32.self))
    }
}
