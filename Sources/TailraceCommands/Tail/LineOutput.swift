import Glibc

/// Standard output in large writes. A reader that goes away (`| head`) ends the program quietly.
struct LineOutput: ~Copyable {
    private var buffer: [UInt8] = []
    private let descriptor: Int32

    /// The reader of standard output is gone.
    struct Closed: Error {}

    init(descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
        buffer.reserveCapacity(1 << 17)
    }

    mutating func append(_ body: (inout [UInt8]) -> Void) throws {
        body(&buffer)
        if buffer.count >= 1 << 16 { try flush() }
    }

    mutating func flush() throws {
        var start = 0
        while start < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Closed()
            }
            start += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
