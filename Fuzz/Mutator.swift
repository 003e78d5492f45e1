import TailraceTesting

/// Makes hostile inputs from good ones: cuts, flips, overwrites with extreme numbers, repeats, splices.
struct Mutator {
    var generator: SeededGenerator

    mutating func mutate(_ input: [UInt8], corpus: [[UInt8]]) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard !bytes.isEmpty else { return [UInt8.random(in: 0...255, using: &generator)] }
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: bytes.removeLast(bytes.count - index)
            case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 3: overwrite(&bytes, at: index)
            case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
            case 5: bytes.remove(at: index)
            case 6:
                let end = Int.random(in: index...min(bytes.count, index + 64), using: &generator)
                bytes.insert(contentsOf: bytes[index..<end], at: index)
            default:
                let other = corpus[Int.random(in: 0..<corpus.count, using: &generator)]
                bytes = Array(bytes[..<index]) + other.suffix(from: min(index, other.count))
            }
        }
        return bytes
    }

    /// Lengths and counts are big-endian integers: their edges are where decoders break.
    private mutating func overwrite(_ bytes: inout [UInt8], at index: Int) {
        let edges: [[UInt8]] = [
            [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0, 0, 0, 0], [0x7F, 0xFF], [0x80, 0],
            [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ]
        let edge = edges[Int.random(in: 0..<edges.count, using: &generator)]
        for (offset, byte) in edge.enumerated() where index + offset < bytes.count { bytes[index + offset] = byte }
    }
}
