/// Reads the whole numbers that PostgreSQL prints.
enum IntegerText {
    @inline(__always)
    static func value(_ text: Span<UInt8>) throws(ValueProblem) -> Int64 {
        let count = text.count
        let first = count > 0 && text[0] == UInt8(ascii: "-") ? 1 : 0
        guard count > first, count <= 20 else { throw .malformed }
        // Downwards: the smallest number has no positive twin.
        var value: Int64 = 0
        var overflowed = false
        for index in first..<count {
            let digit = text[index] &- 48
            guard digit <= 9 else { throw .malformed }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (difference, isTooSmall) = product.subtractingReportingOverflow(Int64(digit))
            overflowed = overflowed || isTooLarge || isTooSmall
            value = difference
        }
        if first == 1, !overflowed { return value }
        let (negated, isTooLarge) = value.multipliedReportingOverflow(by: -1)
        guard !overflowed, !isTooLarge else { throw .malformed }
        return negated
    }
}
