public import ChangeModel

/// The topics as the coordinator knows them: what subscriptions are resolved against.
public struct TopicCatalog: Sendable, Equatable {
    public struct Topic: Sendable, Equatable {
        public let id: TopicID
        public let partitionCount: Int32
        public init(id: TopicID, partitionCount: Int32) {
            self.id = id
            self.partitionCount = partitionCount
        }
    }

    public let topics: [String: Topic]
    private let names: [TopicID: String]

    public init(_ topics: [String: Topic] = [:]) {
        self.topics = topics
        names = Dictionary(topics.map { ($0.value.id, $0.key) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript(name: String) -> Topic? { topics[name] }
    public func name(of id: TopicID) -> String? { names[id] }

    /// A number that changes when one of these topics comes, goes or grows. FNV-1a over names, ids and partition counts:
    /// it is compared with itself only.
    func hash(of subscribed: Set<String>) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        func mix(_ word: UInt64) {
            for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(word >> UInt64(shift) & 255)) }
        }
        for name in subscribed.sorted() {
            guard let topic = topics[name] else { continue }
            for byte in name.utf8 { mix(byte) }
            mix(topic.id.high)
            mix(topic.id.low)
            mix(UInt64(topic.partitionCount))
        }
        return Int64(bitPattern: hash)
    }
}
