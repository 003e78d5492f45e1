/// A regular expression over topic names, in the syntax of RE2, which Kafka uses for subscriptions: matched against the
/// whole name, in time proportional to the name's length times the pattern's, whatever the pattern (Thompson's
/// construction). What would need more than that (back-references, look-around) is refused.
struct TopicPattern: Sendable {
    private var program: [Instruction] = []
    private static let instructionCountMax = 20_000

    private enum Instruction: Sendable {
        case match(ByteSet)
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case wordBoundary(Bool)
        case accept
    }

    /// nil when the pattern is not valid, or too large.
    init?(_ pattern: String) {
        var parser = PatternParser(pattern)
        guard let node = parser.parse() else { return nil }
        guard emit(node) else { return nil }
        program.append(.accept)
    }

    func matches(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        var current: [Int] = []
        var marks = [Int](repeating: -1, count: program.count)
        add(0, at: 0, bytes, &current, &marks)
        for position in bytes.indices {
            var next: [Int] = []
            for index in current {
                if case .match(let set) = program[index], set.contains(bytes[position]) {
                    add(index + 1, at: position + 1, bytes, &next, &marks)
                }
            }
            if next.isEmpty { return false }
            current = next
        }
        return current.contains { if case .accept = program[$0] { true } else { false } }
    }

    /// Follows what needs no byte.
    private func add(_ start: Int, at position: Int, _ bytes: [UInt8], _ list: inout [Int], _ marks: inout [Int]) {
        var stack = [start]
        while let index = stack.popLast() {
            if marks[index] == position { continue }
            marks[index] = position
            switch program[index] {
            case .jump(let target): stack.append(target)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .start: if position == 0 { stack.append(index + 1) }
            case .end: if position == bytes.count { stack.append(index + 1) }
            case .wordBoundary(let wanted):
                let before = position > 0 && ByteSet.word.contains(bytes[position - 1])
                let after = position < bytes.count && ByteSet.word.contains(bytes[position])
                if (before != after) == wanted { stack.append(index + 1) }
            case .match, .accept: list.append(index)
            }
        }
    }

    private mutating func emit(_ node: PatternNode) -> Bool {
        guard program.count < Self.instructionCountMax else { return false }
        switch node {
        case .set(let set): program.append(.match(set))
        case .start: program.append(.start)
        case .end: program.append(.end)
        case .wordBoundary(let wanted): program.append(.wordBoundary(wanted))
        case .sequence(let nodes):
            for each in nodes where !emit(each) { return false }
        case .alternatives(let nodes):
            var jumps: [Int] = []
            for (index, each) in nodes.enumerated() {
                guard index + 1 < nodes.count else {
                    if !emit(each) { return false }
                    break
                }
                let split = program.count
                program.append(.jump(0))
                if !emit(each) { return false }
                jumps.append(program.count)
                program.append(.jump(0))
                program[split] = .split(split + 1, program.count)
            }
            for jump in jumps { program[jump] = .jump(program.count) }
        case .repeated(let inner, let least, let most):
            for _ in 0..<least where !emit(inner) { return false }
            guard let most else {
                let split = program.count
                program.append(.jump(0))
                if !emit(inner) { return false }
                program.append(.jump(split))
                program[split] = .split(split + 1, program.count)
                return true
            }
            var splits: [Int] = []
            for _ in least..<max(least, most) {
                splits.append(program.count)
                program.append(.jump(0))
                if !emit(inner) { return false }
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
        return program.count < Self.instructionCountMax
    }
}

/// A set of bytes.
struct ByteSet: Sendable, Equatable {
    private var low: (UInt64, UInt64) = (0, 0)
    private var high: (UInt64, UInt64) = (0, 0)

    static func == (a: Self, b: Self) -> Bool { a.low == b.low && a.high == b.high }

    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low.0 : byte < 128 ? low.1 : byte < 192 ? high.0 : high.1
        return word >> UInt64(byte & 63) & 1 == 1
    }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte {
        case ..<64: low.0 |= bit
        case ..<128: low.1 |= bit
        case ..<192: high.0 |= bit
        default: high.1 |= bit
        }
    }

    mutating func formUnion(_ other: ByteSet) {
        low = (low.0 | other.low.0, low.1 | other.low.1)
        high = (high.0 | other.high.0, high.1 | other.high.1)
    }

    var inverted: ByteSet {
        var result = self
        result.low = (~low.0, ~low.1)
        result.high = (~high.0, ~high.1)
        return result
    }

    init() {}
    init(_ ranges: ClosedRange<UInt8>...) { for range in ranges { for byte in range { insert(byte) } } }
    init(of text: StaticString) { for byte in text.description.utf8 { insert(byte) } }

    static let digit = ByteSet(48...57)
    static let word = ByteSet(48...57, 65...90, 95...95, 97...122)
    static let space = ByteSet(9...10, 12...13, 32...32)
    static let any: ByteSet = {
        var newline = ByteSet()
        newline.insert(10)
        return newline.inverted
    }()

    /// With both cases of each letter.
    var ignoringCase: ByteSet {
        var result = self
        for upper in UInt8(65)...90 {
            if contains(upper) { result.insert(upper + 32) }
            if contains(upper + 32) { result.insert(upper) }
        }
        return result
    }
}
