/// A growable run of bytes with one owner: where encoders append.
///
/// Not thread-safe by itself; `Sendable` because it has one owner at a time. Appending is amortised O(1); `removeAll`
/// keeps the memory for the next use.
@safe @frozen public struct ByteBuffer: ~Copyable, @unchecked Sendable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var used: Int

    public init(capacity: Int = 256) {
        let size = max(capacity, 16)
        unsafe base = .allocate(capacity: size)
        self.capacity = size
        used = 0
    }

    deinit { unsafe base.deallocate() }

    @inlinable public var count: Int { used }
    @inlinable public var isEmpty: Bool { used == 0 }
    /// How many bytes of memory it holds.
    @inlinable public var memorySize: Int { capacity }

    /// Everything appended so far, borrowed.
    @inlinable public var span: Span<UInt8> {
        @_lifetime(borrow self) get {
            // SAFETY: `used` bytes from `base` are initialized, and the borrow keeps them in place.
            let whole = unsafe Span<UInt8>(_unsafeStart: UnsafePointer(base), count: used)
            return unsafe _overrideLifetime(whole, borrowing: self)
        }
    }

    /// Forgets the content and keeps the memory.
    @inlinable public mutating func removeAll() { used = 0 }

    /// Cuts the content back to its first `count` bytes.
    @inlinable public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= used, "a buffer can only be cut shorter")
        used = count
    }

    /// Gives memory above `capacity` back once the content is gone.
    public mutating func shrink(to size: Int) {
        guard used == 0, capacity > size else { return }
        unsafe base.deallocate()
        capacity = max(size, 16)
        unsafe base = .allocate(capacity: capacity)
    }

    @inlinable public mutating func reserve(_ additional: Int) {
        if capacity &- used < additional { grow(additional) }
    }

    @usableFromInline @inline(never) mutating func grow(_ additional: Int) {
        let size = max(used + additional, capacity * 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        // SAFETY: `used` never exceeds either allocation.
        unsafe larger.update(from: base, count: used)
        unsafe base.deallocate()
        unsafe base = larger
        capacity = size
    }

    @inlinable public mutating func append(_ byte: UInt8) {
        reserve(1)
        // SAFETY: `reserve` left room.
        unsafe base[used] = byte
        used &+= 1
    }

    @inlinable public mutating func append(_ bytes: Span<UInt8>) {
        let count = bytes.count
        guard count > 0 else { return }
        reserve(count)
        // SAFETY: `reserve` left room, and a borrowed span cannot overlap memory this buffer owns exclusively.
        unsafe bytes.withUnsafeBufferPointer { unsafe (base + used).update(from: $0.baseAddress!, count: count) }
        used &+= count
    }

    @inlinable public mutating func append(_ bytes: [UInt8]) { append(bytes.span) }

    @inlinable public mutating func append(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        reserve(count)
        // SAFETY: `reserve` left room; the compiler made the literal.
        unsafe (base + used).update(from: text.utf8Start, count: count)
        used &+= count
    }

    /// Appends the text's UTF-8. Disfavoured so that a literal is a `StaticString`, which costs one copy and no checks.
    @_disfavoredOverload
    public mutating func append(_ text: String) {
        var text = text
        // SAFETY: the pointer is used within the call only.
        text.withUTF8 { source in
            guard let start = source.baseAddress else { return }
            reserve(source.count)
            unsafe (base + used).update(from: start, count: source.count)
            used &+= source.count
        }
    }

    @inlinable public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(bigEndian value: Value) {
        let size = MemoryLayout<Value>.size
        reserve(size)
        // SAFETY: `reserve` left room; the store is unaligned.
        unsafe UnsafeMutableRawPointer(base + used).storeBytes(of: value.bigEndian, as: Value.self)
        used &+= size
    }

    /// Overwrites bytes that were appended before, for lengths and checksums known late.
    @inlinable public mutating func replace<Value: FixedWidthInteger & BitwiseCopyable>(
        bigEndian value: Value, at offset: Int
    ) {
        precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= used, "only written bytes can be replaced")
        // SAFETY: in bounds by the precondition.
        unsafe UnsafeMutableRawPointer(base + offset).storeBytes(of: value.bigEndian, as: Value.self)
    }

    /// Appends an unsigned LEB128 varint.
    @inlinable public mutating func append(varUInt value: UInt64) {
        reserve(10)
        var rest = value
        while rest >= 0x80 {
            unsafe base[used] = UInt8(truncatingIfNeeded: rest) | 0x80
            used &+= 1
            rest >>= 7
        }
        unsafe base[used] = UInt8(truncatingIfNeeded: rest)
        used &+= 1
    }

    /// Appends a zigzag varint, as Kafka's record fields and Avro's longs are written.
    @inlinable public mutating func append(varInt value: Int64) {
        append(varUInt: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// Lends room for at least `count` bytes to `fill`, which returns how many it wrote there.
    @inlinable public mutating func append<Failure: Error>(
        room count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Int
    ) throws(Failure) {
        reserve(count)
        let room = unsafe UnsafeMutableBufferPointer(start: base + used, count: capacity &- used)
        let written = unsafe try fill(room)
        precondition(written >= 0 && written <= room.count, "more bytes than there was room for")
        used &+= written
    }

    /// A copy, for tests and cold paths.
    public func array() -> [UInt8] {
        // SAFETY: `used` bytes are initialized.
        unsafe Array(UnsafeBufferPointer(start: base, count: used))
    }
}
