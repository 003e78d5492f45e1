internal import ByteCoding

/// The topics in a classic consumer's subscription: the start of Kafka's `ConsumerProtocolSubscription`,
/// version int16 and topics [string]; what follows (user data, owned partitions, generation, rack) is not for us.
enum ConsumerSubscription {
    /// The protocol type whose metadata has this form; that of every other type is opaque.
    static let protocolType = "consumer"

    /// nil when the bytes are of another form: clients may put there what they like.
    static func topics(in metadata: [UInt8]) -> Set<String>? {
        var reader = RecordFieldReader(metadata.span)
        do {
            guard try reader.int16() >= 0 else { return nil }
            var topics: Set<String> = []
            for _ in 0..<(try reader.count()) { topics.insert(try reader.string()) }
            return topics
        } catch {
            return nil
        }
    }
}
