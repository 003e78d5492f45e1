/// Which transactions a PostgreSQL snapshot sees: `xmin:xmax:xip_list`, as `pg_current_snapshot()` prints it.
///
/// The ids are 64 bits wide, with the epoch. The list of an exported slot snapshot names subtransactions too: it holds
/// every id between xmin and xmax that had not committed.
public struct TransactionSnapshot: Equatable, Sendable {
    /// Every transaction below was over.
    public let xmin: UInt64
    /// No transaction from here on is visible.
    public let xmax: UInt64
    /// Those between that are not visible, in ascending order.
    public let inProgress: [UInt64]

    public init(xmin: UInt64, xmax: UInt64, inProgress: [UInt64] = []) {
        self.xmin = xmin
        self.xmax = xmax
        self.inProgress = inProgress.sorted()
    }

    /// Parses PostgreSQL's text form.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let xmin = UInt64(parts[0]), let xmax = UInt64(parts[1]), xmin <= xmax else {
            return nil
        }
        let list = parts[2].isEmpty ? [] : parts[2].split(separator: ",", omittingEmptySubsequences: false)
        let ids = list.compactMap { UInt64($0) }
        guard ids.count == list.count else { return nil }
        self.init(xmin: xmin, xmax: xmax, inProgress: ids)
    }

    /// True when the snapshot sees what this transaction committed, provided that it committed.
    public func sees(_ transactionID: UInt64) -> Bool {
        if transactionID < xmin { return true }
        if transactionID >= xmax { return false }
        var low = 0
        var high = inProgress.count
        while low < high {
            let middle = (low + high) / 2
            if inProgress[middle] < transactionID { low = middle + 1 } else { high = middle }
        }
        return low == inProgress.count || inProgress[low] != transactionID
    }

    /// True when this snapshot, taken later, sees all that `earlier` does not and that has ended since.
    ///
    /// `earlier` may have skipped transactions that are still under way here; until none is left, a comparison of the
    /// two cannot tell "not yet committed" from "aborted".
    public func isPast(_ earlier: TransactionSnapshot) -> Bool { xmin >= earlier.xmax }

    /// An SQL condition that keeps the rows whose inserting transaction this snapshot sees, for a statement that runs
    /// under the later snapshot `now`.
    ///
    /// A row's `xmin` has 32 bits. Under `now` every visible row was written before `now.xmax`, so those written since
    /// this snapshot are the ids in [xmax, now.xmax) modulo 2^32, and those in the list.
    public func rowCondition(under now: TransactionSnapshot) -> String {
        let span = now.xmax > xmax ? now.xmax - xmax : 0
        var condition = "TRUE"
        if span > 0 {
            condition =
                "((xmin::pg_catalog.text::pg_catalog.int8 - \(xmax & 0xFFFF_FFFF) + 4294967296) % 4294967296) >= \(span)"
        }
        guard !inProgress.isEmpty else { return condition }
        let list = inProgress.map { String($0 & 0xFFFF_FFFF) }.joined(separator: ",")
        return "\(condition) AND xmin::pg_catalog.text::pg_catalog.int8 NOT IN (\(list))"
    }
}

extension TransactionSnapshot: CustomStringConvertible {
    public var description: String {
        "\(xmin):\(xmax):" + inProgress.map { String($0) }.joined(separator: ",")
    }
}

extension TransactionSnapshot: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = TransactionSnapshot(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a transaction snapshot"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
