/// The decimal digits of one binary floating-point number; ``JavaFloatingPoint`` says by which rule.
struct FloatingPointDigits {
    private var digits = InlineArray<24, UInt8>(repeating: 0)
    private(set) var count = 0
    /// The point stands before digit 0 times ten to this power: 0.digits × 10^decimalExponent.
    private(set) var decimalExponent = 0

    subscript(index: Int) -> UInt8 { digits[index] }

    private mutating func push(_ digit: UInt8) {
        guard count < 24 else { return }
        digits[count] = digit &+ 48
        count &+= 1
    }

    mutating func generate(fraction: UInt64, exponent: Int, precision: Int) {
        let tail = fraction.trailingZeroBitCount
        let fractionBits = 53 &- tail
        let tinyBits = max(0, fractionBits &- exponent &- 1)
        if tinyBits == 0, exponent <= 62, exponent >= -21, fractionBits < 64 {
            let whole = exponent >= 52 ? fraction << UInt64(exponent &- 52) : fraction >> UInt64(52 &- exponent)
            return generate(whole: whole, insignificant: insignificantDigits(exponent &- precision))
        }
        // value = numerator / denominator × 10^power, with a margin of half a unit of the number's precision.
        var power = estimatedPower(fraction: fraction, exponent: exponent)
        let numeratorFives = max(0, -power)
        var numeratorTwos = numeratorFives &+ tinyBits &+ exponent
        let denominatorFives = max(0, power)
        var denominatorTwos = denominatorFives &+ tinyBits
        var marginTwos = numeratorTwos &- precision
        numeratorTwos &-= fractionBits &- 1
        let common = min(numeratorTwos, denominatorTwos)
        numeratorTwos &-= common
        denominatorTwos &-= common
        marginTwos &-= common
        // The neighbour below a power of two is only half as far away.
        if fractionBits == 1 { marginTwos &-= 1 }
        if marginTwos < 0 {
            numeratorTwos &-= marginTwos
            denominatorTwos &-= marginTwos
            marginTwos = 0
        }
        let mantissa = fraction >> UInt64(tail)
        let numeratorBits = fractionBits &+ numeratorTwos &+ bits(ofPowerOfFive: numeratorFives)
        let tenDenominatorBits = denominatorTwos &+ 1 &+ bits(ofPowerOfFive: denominatorFives &+ 1)
        let end: Ending
        if numeratorBits < 64, tenDenominatorBits < 64 {
            let numerator = mantissa &* powerOfFive(numeratorFives) << UInt64(numeratorTwos)
            let denominator = powerOfFive(denominatorFives) << UInt64(denominatorTwos)
            let margin = powerOfFive(numeratorFives) << UInt64(marginTwos)
            if numeratorBits < 32, tenDenominatorBits < 32 {
                end = generateSmall(
                    numerator: Int32(truncatingIfNeeded: numerator),
                    denominator: Int32(truncatingIfNeeded: denominator), margin: Int32(truncatingIfNeeded: margin),
                    power: &power)
            } else {
                end = generateSmall(
                    numerator: Int64(truncatingIfNeeded: numerator),
                    denominator: Int64(truncatingIfNeeded: denominator), margin: Int64(truncatingIfNeeded: margin),
                    power: &power)
            }
        } else {
            var numerator = Natural(mantissa)
            numerator.multiply(byPowerOfFive: numeratorFives)
            numerator.shiftLeft(numeratorTwos)
            var denominator = Natural(1)
            denominator.multiply(byPowerOfFive: denominatorFives)
            denominator.shiftLeft(denominatorTwos)
            var margin = Natural(1)
            margin.multiply(byPowerOfFive: numeratorFives)
            margin.shiftLeft(marginTwos)
            end = generateLarge(numerator: &numerator, denominator: denominator, margin: &margin, power: &power)
        }
        decimalExponent = power &+ 1
        switch end {
        case .exact, .below: break
        case .above: roundUp()
        case .tie: if digits[count &- 1] & 1 == 1 { roundUp() }
        }
    }

    /// How the last digit is to be rounded.
    private enum Ending { case exact, below, above, tie }

    private func needsAllDigits(_ power: Int) -> Bool { power < -3 || power >= 8 }

    /// The digits in machine words, wrapping where Java's do: an overflow there decides how a last digit is rounded.
    private mutating func generateSmall<Word: FixedWidthInteger & SignedInteger>(
        numerator: Word, denominator: Word, margin: Word, power: inout Int
    ) -> Ending {
        let ten = denominator &* 10
        var rest = numerator
        var slack = margin &* 10
        var digit = UInt8(truncatingIfNeeded: rest / denominator)
        rest = rest % denominator &* 10
        var low = rest < slack
        var high = rest &+ slack > ten
        if digit == 0, !high { power &-= 1 } else { push(digit) }
        if needsAllDigits(power) {
            low = false
            high = false
        }
        while !low, !high, count < 24 {
            digit = UInt8(truncatingIfNeeded: rest / denominator)
            rest = rest % denominator &* 10
            slack = slack &* 10
            low = slack <= 0 || rest < slack
            high = slack <= 0 || rest &+ slack > ten
            push(digit)
        }
        let difference = rest &* 2 &- ten
        return ending(low: low, high: high, difference: difference < 0 ? -1 : difference > 0 ? 1 : 0)
    }

    private mutating func generateLarge(
        numerator: inout Natural, denominator: Natural, margin: inout Natural, power: inout Int
    ) -> Ending {
        var ten = denominator
        ten.multiply(by: 10)
        margin.multiply(by: 10)
        var digit = numerator.subtractRepeatedly(denominator)
        numerator.multiply(by: 10)
        var low = numerator.compare(margin) < 0
        var high = ten.compare(numerator.adding(margin)) <= 0
        if digit == 0, !high { power &-= 1 } else { push(digit) }
        if needsAllDigits(power) {
            low = false
            high = false
        }
        while !low, !high, count < 24 {
            digit = numerator.subtractRepeatedly(denominator)
            numerator.multiply(by: 10)
            margin.multiply(by: 10)
            low = numerator.compare(margin) < 0
            high = ten.compare(numerator.adding(margin)) <= 0
            push(digit)
        }
        numerator.shiftLeft(1)
        return ending(low: low, high: high, difference: numerator.compare(ten))
    }

    private func ending(low: Bool, high: Bool, difference: Int) -> Ending {
        guard high else { return .below }
        guard low else { return .above }
        return difference == 0 ? .tie : difference > 0 ? .above : .below
    }

    private mutating func roundUp() {
        var index = count &- 1
        while index >= 0 {
            if digits[index] < UInt8(ascii: "9") {
                digits[index] &+= 1
                return
            }
            digits[index] = UInt8(ascii: "0")
            index &-= 1
        }
        digits[0] = UInt8(ascii: "1")
        decimalExponent &+= 1
    }

    /// A whole number: its last `insignificant` digits are rounded away, and so are its trailing zeros.
    private mutating func generate(whole: UInt64, insignificant: Int) {
        var value = whole
        var exponent = 0
        if insignificant > 0 {
            var scale: UInt64 = 1
            for _ in 0..<insignificant { scale &*= 10 }
            let rest = value % scale
            value = value / scale &+ (rest >= scale / 2 ? 1 : 0)
            exponent = insignificant
        }
        while value != 0, value % 10 == 0 {
            value /= 10
            exponent &+= 1
        }
        var length = 0
        var probe = value
        while probe != 0 {
            probe /= 10
            length &+= 1
        }
        for index in 0..<length {
            digits[length &- 1 &- index] = UInt8(truncatingIfNeeded: value % 10) &+ 48
            value /= 10
        }
        count = length
        decimalExponent = exponent &+ length
    }

    /// How many decimal digits of a whole number lie below its precision when `bits + 1` of its bits do.
    private func insignificantDigits(_ bitsBelow: Int) -> Int {
        let bits = bitsBelow &- 1
        return bitsBelow > 0 && bits > 1 ? bits &* 30103 / 100_000 : 0
    }

    /// The power of ten of the first digit, or one more.
    private func estimatedPower(fraction: UInt64, exponent: Int) -> Int {
        let mantissa = Double(sign: .plus, exponentBitPattern: 1023, significandBitPattern: fraction & (1 << 52 - 1))
        let estimate = (mantissa - 1.5) * 0.289529654 + 0.176091259 + Double(exponent) * 0.301029995663981
        return Int(estimate.rounded(.down))
    }

    /// How many bits 5^power needs; three a power beyond 26, which only sends the number to the large form.
    private func bits(ofPowerOfFive power: Int) -> Int {
        power == 0 ? 0 : power <= 26 ? 64 &- powerOfFive(power).leadingZeroBitCount : power &* 3
    }

    private func powerOfFive(_ power: Int) -> UInt64 {
        var result: UInt64 = 1
        for _ in 0..<power { result &*= 5 }
        return result
    }
}
