/// A regular expression's parts.
indirect enum PatternNode: Sendable {
    case set(ByteSet)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// `most` nil for no limit.
    case repeated(PatternNode, least: Int, most: Int?)
    case start
    case end
    case wordBoundary(Bool)
}

/// Reads the syntax of RE2, as far as it can be matched against bytes.
struct PatternParser {
    private let bytes: [UInt8]
    private var position = 0
    private var isCaseInsensitive = false
    private var depth = 0

    init(_ pattern: String) { bytes = Array(pattern.utf8) }

    /// nil when the pattern is not valid.
    mutating func parse() -> PatternNode? {
        guard let node = alternatives(), position == bytes.count else { return nil }
        return node
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard let byte = peek, byte == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func alternatives() -> PatternNode? {
        depth += 1
        defer { depth -= 1 }
        guard depth < 100 else { return nil }
        var options: [PatternNode] = []
        repeat {
            guard let sequence = sequence() else { return nil }
            options.append(sequence)
        } while take("|" as Character)
        return options.count == 1 ? options[0] : .alternatives(options)
    }

    private mutating func sequence() -> PatternNode? {
        var nodes: [PatternNode] = []
        while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            guard let atom = atom(), let node = quantified(atom) else { return nil }
            nodes.append(node)
        }
        return .sequence(nodes)
    }

    private mutating func quantified(_ atom: PatternNode) -> PatternNode? {
        var node = atom
        var isQuantified = false
        while true {
            if take("*" as Character) {
                node = .repeated(node, least: 0, most: nil)
            } else if take("+" as Character) {
                node = .repeated(node, least: 1, most: nil)
            } else if take("?" as Character) {
                // After a quantifier it only changes which match is preferred, and a whole match is one anyway.
                if isQuantified { continue }
                node = .repeated(node, least: 0, most: 1)
            } else if let (least, most) = counts() {
                guard least <= 1_000, most ?? 0 <= 1_000, most.map({ $0 >= least }) ?? true else { return nil }
                node = .repeated(node, least: least, most: most)
            } else {
                return node
            }
            isQuantified = true
        }
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else in braces is text.
    private mutating func counts() -> (Int, Int?)? {
        let start = position
        guard take("{" as Character), let least = number() else {
            position = start
            return nil
        }
        if take("}" as Character) { return (least, least) }
        guard take("," as Character) else {
            position = start
            return nil
        }
        if take("}" as Character) { return (least, nil) }
        guard let most = number(), take("}" as Character) else {
            position = start
            return nil
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = peek, (48...57).contains(byte), value ?? 0 < 100_000 {
            value = (value ?? 0) * 10 + Int(byte - 48)
            position += 1
        }
        return value
    }

    private mutating func atom() -> PatternNode? {
        guard let byte = peek else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "("): return group()
        case UInt8(ascii: "["): return bracket().map { .set($0) }
        case UInt8(ascii: "."): return .set(.any)
        case UInt8(ascii: "^"): return .start
        case UInt8(ascii: "$"): return .end
        case UInt8(ascii: "\\"): return escape()
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return nil
        default: return literal(byte)
        }
    }

    private func literal(_ byte: UInt8) -> PatternNode {
        var set = ByteSet()
        set.insert(byte)
        return .set(isCaseInsensitive ? set.ignoringCase : set)
    }

    private mutating func group() -> PatternNode? {
        let outer = isCaseInsensitive
        if take("?" as Character) {
            if take("P<") || (take("<" as Character) && peek != UInt8(ascii: "=") && peek != UInt8(ascii: "!")) {
                while let byte = peek, byte != UInt8(ascii: ">") {
                    guard ByteSet.word.contains(byte) else { return nil }
                    position += 1
                }
                guard take(">" as Character) else { return nil }
            } else {
                var isOn = true
                while let flag = peek, flag != UInt8(ascii: ":"), flag != UInt8(ascii: ")") {
                    position += 1
                    switch flag {
                    case UInt8(ascii: "-"): isOn = false
                    case UInt8(ascii: "i"): isCaseInsensitive = isOn
                    // Multi-line, dot-all and ungreedy change nothing for a whole name without line breaks.
                    case UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "U"): break
                    default: return nil
                    }
                }
                // `(?i)` holds to the end of the group around it.
                if take(")" as Character) { return .sequence([]) }
                guard take(":" as Character) else { return nil }
            }
        }
        guard let node = alternatives(), take(")" as Character) else { return nil }
        isCaseInsensitive = outer
        return node
    }

    private mutating func escape() -> PatternNode? {
        guard let byte = peek else { return nil }
        switch byte {
        case UInt8(ascii: "A"):
            position += 1
            return .start
        case UInt8(ascii: "z"):
            position += 1
            return .end
        case UInt8(ascii: "b"):
            position += 1
            return .wordBoundary(true)
        case UInt8(ascii: "B"):
            position += 1
            return .wordBoundary(false)
        case UInt8(ascii: "Q"):
            position += 1
            var nodes: [PatternNode] = []
            while let next = peek, !take("\\E") {
                position += 1
                nodes.append(literal(next))
            }
            return .sequence(nodes)
        default:
            guard let set = escapedSet() else { return nil }
            return .set(isCaseInsensitive ? set.ignoringCase : set)
        }
    }

    /// What may follow a backslash inside brackets and out of them.
    private mutating func escapedSet() -> ByteSet? {
        guard let byte = peek else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "d"): return .digit
        case UInt8(ascii: "D"): return ByteSet.digit.inverted
        case UInt8(ascii: "w"): return .word
        case UInt8(ascii: "W"): return ByteSet.word.inverted
        case UInt8(ascii: "s"): return .space
        case UInt8(ascii: "S"): return ByteSet.space.inverted
        case UInt8(ascii: "t"): return ByteSet(9...9)
        case UInt8(ascii: "n"): return ByteSet(10...10)
        case UInt8(ascii: "r"): return ByteSet(13...13)
        case UInt8(ascii: "f"): return ByteSet(12...12)
        case UInt8(ascii: "x"):
            guard position + 2 <= bytes.count,
                let value = UInt8(String(decoding: bytes[position..<position + 2], as: UTF8.self), radix: 16)
            else { return nil }
            position += 2
            return ByteSet(value...value)
        default:
            // A letter or digit would mean something we do not know; punctuation means itself.
            guard byte < 128, !ByteSet.word.contains(byte) || byte == UInt8(ascii: "_") else { return nil }
            return ByteSet(byte...byte)
        }
    }

    private static let classes: [(String, ByteSet)] = [
        ("[:alnum:]", ByteSet(48...57, 65...90, 97...122)), ("[:alpha:]", ByteSet(65...90, 97...122)),
        ("[:digit:]", .digit), ("[:lower:]", ByteSet(97...122)), ("[:upper:]", ByteSet(65...90)),
        ("[:punct:]", ByteSet(33...47, 58...64, 91...96, 123...126)), ("[:space:]", ByteSet(9...13, 32...32)),
        ("[:word:]", .word), ("[:xdigit:]", ByteSet(48...57, 65...70, 97...102)),
    ]

    private mutating func bracket() -> ByteSet? {
        let isInverted = take("^" as Character)
        var set = ByteSet()
        var isFirst = true
        while true {
            guard let byte = peek else { return nil }
            if byte == UInt8(ascii: "]"), !isFirst {
                position += 1
                break
            }
            isFirst = false
            if byte == UInt8(ascii: "["),
                let (name, members) = Self.classes.first(where: { bytes[position...].starts(with: $0.0.utf8) })
            {
                position += name.utf8.count
                set.formUnion(members)
                continue
            }
            guard let low = element(into: &set) else { return nil }
            guard let low else { continue }
            guard peek == UInt8(ascii: "-"), position + 1 < bytes.count, bytes[position + 1] != UInt8(ascii: "]") else {
                set.insert(low)
                continue
            }
            position += 1
            guard let high = element(into: &set), let high, high >= low else { return nil }
            for byte in low...high { set.insert(byte) }
        }
        if isCaseInsensitive { set = set.ignoringCase }
        return isInverted ? set.inverted : set
    }

    /// One byte within brackets, or a class, which goes into the set: then the inner optional is nil.
    private mutating func element(into set: inout ByteSet) -> UInt8?? {
        guard let byte = peek else { return .none }
        position += 1
        guard byte == UInt8(ascii: "\\") else { return .some(byte) }
        guard let escaped = escapedSet() else { return .none }
        let members = (UInt8.min...UInt8.max).filter { escaped.contains($0) }
        if members.count == 1 { return .some(members[0]) }
        set.formUnion(escaped)
        return .some(nil)
    }
}
