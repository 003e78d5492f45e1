internal import ByteCoding

/// Cuts a connection's bytes into frames: `size int32 · size bytes`.
///
/// A size is judged before anything is allocated for it. Not thread-safe: it belongs to its connection.
struct FrameAssembler: ~Copyable {
    /// The smallest request: key, version and correlation id.
    static let byteCountMin: Int32 = 8

    private let byteCountMax: Int
    private var sizeBits: UInt32 = 0
    private var sizeByteCount = 0
    private var body = ByteBuffer(capacity: 16)
    private(set) var state = State.readingSize

    enum State: Equatable {
        case readingSize
        /// The size is known, and ``begin()`` has not been called.
        case announced(byteCount: Int)
        case readingBody(byteCount: Int)
        /// ``take()`` gives the frame.
        case complete
    }

    init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

    /// Whether a frame has been begun and not completed.
    var isInsideFrame: Bool { state != .readingSize || sizeByteCount > 0 }

    /// Takes what it can use of `bytes` and says how many those were; stops where a size has been read, and where a frame
    /// is complete.
    mutating func consume(_ bytes: Span<UInt8>) throws(FrameError) -> Int {
        var used = 0
        if state == .readingSize {
            while sizeByteCount < 4, used < bytes.count {
                sizeBits = sizeBits << 8 | UInt32(bytes[used])
                sizeByteCount += 1
                used += 1
            }
            guard sizeByteCount == 4 else { return used }
            let size = Int32(bitPattern: sizeBits)
            guard size >= Self.byteCountMin else { throw .invalidSize(size) }
            guard Int(size) <= byteCountMax else { throw .tooLarge(size) }
            state = .announced(byteCount: Int(size))
            return used
        }
        if case .readingBody(let byteCount) = state {
            let wanted = min(byteCount - body.count, bytes.count)
            body.append(bytes.extracting(0..<wanted))
            used = wanted
            if body.count == byteCount { state = .complete }
        }
        return used
    }

    /// Makes room for the frame that was announced.
    mutating func begin() {
        guard case .announced(let byteCount) = state else { preconditionFailure("no frame has been announced") }
        body = ByteBuffer(capacity: byteCount)
        state = .readingBody(byteCount: byteCount)
    }

    /// The complete frame, without its size.
    mutating func take() -> ByteBuffer {
        precondition(state == .complete, "the frame is not complete")
        state = .readingSize
        sizeBits = 0
        sizeByteCount = 0
        var taken = ByteBuffer(capacity: 16)
        swap(&taken, &body)
        return taken
    }
}
