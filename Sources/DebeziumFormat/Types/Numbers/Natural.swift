/// A natural number of any size, for decimals of more than 38 digits and for the digits of floating-point numbers: just
/// the operations that those two need. Limbs are little endian and never end in a zero limb.
struct Natural: Equatable {
    private(set) var limbs: [UInt32] = []

    init() {}
    init(_ value: UInt64) {
        limbs = [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
        trim()
    }

    var isZero: Bool { limbs.isEmpty }

    private mutating func trim() {
        while limbs.last == 0 { limbs.removeLast() }
    }

    mutating func multiply(by factor: UInt32, adding addend: UInt32 = 0) {
        var carry = UInt64(addend)
        for index in limbs.indices {
            let product = UInt64(limbs[index]) &* UInt64(factor) &+ carry
            limbs[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    mutating func multiply(byPowerOfFive power: Int) {
        var rest = power
        while rest >= 13 {
            multiply(by: 1_220_703_125)
            rest -= 13
        }
        for _ in 0..<rest { multiply(by: 5) }
    }

    mutating func shiftLeft(_ count: Int) {
        guard count > 0, !limbs.isEmpty else { return }
        let (whole, bits) = count.quotientAndRemainder(dividingBy: 32)
        if bits > 0 {
            var carry: UInt32 = 0
            for index in limbs.indices {
                let limb = limbs[index]
                limbs[index] = limb << UInt32(bits) | carry
                carry = limb >> UInt32(32 - bits)
            }
            if carry > 0 { limbs.append(carry) }
        }
        limbs.insert(contentsOf: repeatElement(0, count: whole), at: 0)
    }

    /// -1, 0 or 1 as this is below, equal to or above `other`.
    func compare(_ other: Natural) -> Int {
        if limbs.count != other.limbs.count { return limbs.count < other.limbs.count ? -1 : 1 }
        for index in limbs.indices.reversed() where limbs[index] != other.limbs[index] {
            return limbs[index] < other.limbs[index] ? -1 : 1
        }
        return 0
    }

    func adding(_ other: Natural) -> Natural {
        var sum = Natural()
        var carry: UInt64 = 0
        for index in 0..<max(limbs.count, other.limbs.count) {
            let total =
                carry + (index < limbs.count ? UInt64(limbs[index]) : 0)
                + (index < other.limbs.count ? UInt64(other.limbs[index]) : 0)
            sum.limbs.append(UInt32(truncatingIfNeeded: total))
            carry = total >> 32
        }
        if carry > 0 { sum.limbs.append(UInt32(carry)) }
        return sum
    }

    /// Takes `divisor` away as often as it fits and returns how often; used where that is less than ten times.
    mutating func subtractRepeatedly(_ divisor: Natural) -> UInt8 {
        var quotient: UInt8 = 0
        while compare(divisor) >= 0 {
            var borrow: Int64 = 0
            for index in limbs.indices {
                let difference =
                    Int64(limbs[index]) - (index < divisor.limbs.count ? Int64(divisor.limbs[index]) : 0) - borrow
                borrow = difference < 0 ? 1 : 0
                limbs[index] = UInt32(truncatingIfNeeded: difference)
            }
            trim()
            quotient += 1
        }
        return quotient
    }

    /// Big endian, as short as possible, as Java's `BigInteger.toByteArray`.
    func twosComplement(negated: Bool) -> [UInt8] {
        var bytes: [UInt8] = [0]
        for limb in limbs.reversed() {
            for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: limb >> shift)) }
        }
        if negated {
            var carry = true
            for index in bytes.indices.reversed() {
                bytes[index] = ~bytes[index]
                if carry {
                    bytes[index] &+= 1
                    carry = bytes[index] == 0
                }
            }
        }
        let sign: UInt8 = bytes[0] & 0x80
        let filler: UInt8 = sign == 0 ? 0 : 0xFF
        var first = 0
        while first < bytes.count - 1, bytes[first] == filler, bytes[first + 1] & 0x80 == sign { first += 1 }
        return Array(bytes[first...])
    }
}
