/// Values under text keys, in the order in which the keys first came: a dictionary whose walks are the same in every
/// process, so that the same requests give the same answers.
///
/// Look-ups are O(1), removal is O(n).
struct OrderedTable<Value: Sendable>: Sendable {
    private(set) var keys: [String] = []
    private var storage: [String: Value] = [:]

    var count: Int { keys.count }
    var isEmpty: Bool { keys.isEmpty }
    var values: [Value] { keys.compactMap { storage[$0] } }

    func contains(_ key: String) -> Bool { storage[key] != nil }

    subscript(key: String) -> Value? {
        get { storage[key] }
        _modify {
            let wasThere = storage[key] != nil
            yield &storage[key]
            let isThere = storage[key] != nil
            if isThere, !wasThere { keys.append(key) }
            if wasThere, !isThere { keys.removeAll { $0 == key } }
        }
    }

    func first(where matches: (Value) -> Bool) -> (key: String, value: Value)? {
        for key in keys {
            if let value = storage[key], matches(value) { return (key, value) }
        }
        return nil
    }

    func contains(where matches: (Value) -> Bool) -> Bool { storage.values.contains(where: matches) }

    mutating func updateAll(_ change: (inout Value) -> Void) {
        for key in keys {
            guard storage[key] != nil else { continue }
            change(&storage[key]!)
        }
    }

    /// Gives the value at `old` the key `new`, at the same place in the order.
    mutating func rename(_ old: String, to new: String) {
        guard let index = keys.firstIndex(of: old), let value = storage.removeValue(forKey: old) else { return }
        keys[index] = new
        storage[new] = value
    }
}

extension OrderedTable: Equatable where Value: Equatable {
    static func == (a: Self, b: Self) -> Bool { a.storage == b.storage }
}
