/// What a client sends, with the response that belongs to it.
public protocol KafkaRequest: KafkaMessage {
    associatedtype Response: KafkaResponse
}
