/// Who is connected, by address, and whether one more may be.
struct ConnectionLimits {
    let countMax: Int
    let countPerAddressMax: Int
    private(set) var count = 0
    private var countByAddress: [String: Int] = [:]

    init(countMax: Int, countPerAddressMax: Int) {
        self.countMax = countMax
        self.countPerAddressMax = countPerAddressMax
    }

    /// Counts a connection in, or refuses it.
    mutating func admit(_ address: String) -> Bool {
        guard count < countMax, countByAddress[address, default: 0] < countPerAddressMax else { return false }
        count += 1
        countByAddress[address, default: 0] += 1
        return true
    }

    mutating func remove(_ address: String) {
        guard let held = countByAddress[address] else { return }
        count -= 1
        countByAddress[address] = held > 1 ? held - 1 : nil
    }
}
