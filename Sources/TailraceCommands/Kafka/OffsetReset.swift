import ChangeModel
import Foundation
import KafkaClient

/// Where a group's offsets are to go, in the words of kafka-consumer-groups.
enum OffsetReset: Equatable {
    case earliest, latest, current
    case offset(Int64)
    /// The first record at or after a moment, in milliseconds since 1970.
    case time(Int64)
    /// Forwards by so many records, or back by a negative number.
    case shift(Int64)

    /// The new offset; one outside of what the partition holds becomes its nearest bound.
    /// - Parameters:
    ///   - committed: nil when the group has none for the partition.
    ///   - atTime: what the cluster found for ``time(_:)``; nil when no record is that young.
    func target(committed: Int64?, bounds: Range<Int64>, atTime: Int64?) -> Int64 {
        let wanted: Int64
        switch self {
        case .earliest: wanted = bounds.lowerBound
        case .latest: wanted = bounds.upperBound
        case .current: wanted = committed ?? bounds.upperBound
        case .offset(let offset): wanted = offset
        case .time: wanted = atTime ?? bounds.upperBound
        case .shift(let count):
            let (sum, overflow) = (committed ?? bounds.upperBound).addingReportingOverflow(count)
            wanted = overflow ? (count < 0 ? bounds.lowerBound : bounds.upperBound) : sum
        }
        return min(max(wanted, bounds.lowerBound), bounds.upperBound)
    }

    /// An ISO 8601 duration (`P1DT2H30M`) or an age as elsewhere in this program (`90s`, `15m`, `2h`, `3d`), in
    /// milliseconds; nil when the text is neither.
    static func duration(_ text: String) -> Int64? {
        guard text.hasPrefix("P") else {
            return SinceTime.parse(text, now: 0).flatMap { $0 <= 0 && text.last?.isLetter == true ? -$0 : nil }
        }
        var total: Int64 = 0
        var digits = ""
        var isTime = false
        var partCount = 0
        for character in text.dropFirst() {
            if character == "T", !isTime, digits.isEmpty {
                isTime = true
                continue
            }
            if character.isASCII, character.isNumber || character == "." {
                digits.append(character)
                continue
            }
            let units: [Character: Double] =
                isTime ? ["H": 3_600_000, "M": 60_000, "S": 1000] : ["D": 86_400_000, "W": 604_800_000]
            guard let unit = units[character], let count = Double(digits),
                let milliseconds = Int64(exactly: (count * unit).rounded())
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(milliseconds)
            if overflow { return nil }
            total = sum
            digits = ""
            partCount += 1
        }
        return digits.isEmpty && partCount > 0 ? total : nil
    }
}
