/// The order in which a `java.util.HashMap` with string keys gives its entries back. Debezium's events show it where a
/// map becomes JSON, and consumers compare bytes.
///
/// Source: the documented hash of `java.lang.String` and the table sizes of `HashMap` (16 buckets, doubled at three
/// quarters). Entries of one bucket keep the order of their insertion; buckets of eight and more entries, which Java
/// turns into trees, do not occur among names in practice and keep it too.
public enum JavaHashMapOrder {
    /// The positions of `keys`, which are distinct and in the order of their insertion, as the map iterates over them.
    /// - Parameter copiedCount: how many of the keys, the first ones, a copy constructor put in, which makes a table
    ///   just large enough; 0 for a map that was made empty.
    public static func indices(of keys: [String], copiedCount: Int = 0) -> [Int] {
        var buckets = 16
        if copiedCount > 0 {
            let capacity = Int(Float(copiedCount) / 0.75 + 1)
            buckets = 1
            while buckets < capacity { buckets *= 2 }
        }
        while keys.count > buckets * 3 / 4 { buckets *= 2 }
        let slots = keys.map { Int(spread(hash($0))) & (buckets - 1) }
        // Sorting (bucket, position) pairs keeps the order within a bucket.
        return keys.indices.sorted { (slots[$0], $0) < (slots[$1], $1) }
    }

    /// `String.hashCode`, over UTF-16 units.
    static func hash(_ key: String) -> UInt32 {
        var value: UInt32 = 0
        for unit in key.utf16 { value = value &* 31 &+ UInt32(unit) }
        return value
    }

    private static func spread(_ hash: UInt32) -> UInt32 { hash ^ (hash >> 16) }
}
