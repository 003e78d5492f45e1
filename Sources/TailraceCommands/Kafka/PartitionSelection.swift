import ArgumentParser
import ChangeModel
import KafkaClient

/// Topics, or some of their partitions, as Kafka's tools write them: `orders` or `orders:0,2`.
struct PartitionSelection: Equatable {
    let topic: String
    /// nil for all.
    let partitions: [Int32]?

    /// - Throws: `ValidationError` that says how to write it.
    init(_ text: String, option: String = "--topic") throws {
        guard let colon = text.lastIndex(of: ":") else {
            topic = text
            partitions = nil
            return
        }
        topic = String(text[..<colon])
        partitions = try text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false).map {
            guard let number = Int32($0), number >= 0 else {
                throw ValidationError("'\(option) \(text)' must be written topic or topic:0,1,2.")
            }
            return number
        }
    }

    /// The partitions that exist.
    /// - Throws: ``KafkaError`` when the topic or one of the named partitions does not.
    func resolve(in cluster: ClusterMetadata) throws(KafkaError) -> [TopicPartition] {
        guard let found = cluster.topics.first(where: { $0.name == topic }), found.error == nil else {
            throw KafkaError(code: .unknownTopicOrPartition, detail: "there is no topic '\(topic)'")
        }
        let known = found.partitions.map(\.number)
        for number in partitions ?? [] where !known.contains(number) {
            throw KafkaError(
                code: .unknownTopicOrPartition,
                detail: "topic '\(topic)' has no partition \(number); it has \(known.count)")
        }
        return (partitions ?? known).map { TopicPartition(topic: topic, partition: $0) }
    }
}
