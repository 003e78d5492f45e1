import Glibc

/// Lines of a descriptor, in chunks as they come.
struct LineReader {
    private let descriptor: Int32
    private var rest: [UInt8] = []
    private var isAtEnd = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The lines that have come, without their ends; waits for at least one. nil at the end of the input.
    mutating func next() -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        while lines.isEmpty, !isAtEnd {
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                isAtEnd = true
                if !rest.isEmpty { lines.append(Self.trimmed(rest[...])) }
                rest = []
                break
            }
            rest += buffer[..<count]
            var start = 0
            while let end = rest[start...].firstIndex(of: 0x0A) {
                lines.append(Self.trimmed(rest[start..<end]))
                start = end + 1
            }
            rest.removeFirst(start)
        }
        return lines.isEmpty ? nil : lines
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
        Array(line.last == 0x0D ? line.dropLast() : line)
    }
}
