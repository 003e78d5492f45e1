/// A run of versions as the definitions write them: `3`, `2-5`, `4+` or `none`.
struct VersionRange: Equatable {
    static let highest = Int(Int16.max)
    static let all = VersionRange(lowest: 0, highest: highest)
    static let none = VersionRange(lowest: 1, highest: 0)

    var lowest: Int
    var highest: Int

    init(lowest: Int, highest: Int) {
        self.lowest = lowest
        self.highest = highest
    }

    init?(_ text: String) {
        if text == "none" {
            self = .none
        } else if text.hasSuffix("+"), let lowest = Int(text.dropLast()) {
            self.init(lowest: lowest, highest: Self.highest)
        } else {
            let bounds = text.split(separator: "-").map { Int($0) }
            guard let first = bounds.first, let lowest = first, let highest = bounds.last ?? nil, bounds.count <= 2
            else {
                return nil
            }
            self.init(lowest: lowest, highest: highest)
        }
    }

    var isEmpty: Bool { lowest > highest }

    func contains(_ version: Int) -> Bool { version >= lowest && version <= highest }

    func intersection(_ other: VersionRange) -> VersionRange {
        let range = VersionRange(lowest: max(lowest, other.lowest), highest: min(highest, other.highest))
        return range.isEmpty ? .none : range
    }

    /// What Swift asks of `version` to know that it is in this range, given that it is in `context`; nil where it always
    /// is.
    func condition(within context: VersionRange) -> String? {
        var terms: [String] = []
        if lowest > context.lowest { terms.append("version >= \(lowest)") }
        if highest < context.highest { terms.append("version <= \(highest)") }
        return terms.isEmpty ? nil : terms.joined(separator: " && ")
    }
}
