/// What a broker answers. Its version is that of the request.
public protocol KafkaResponse: KafkaMessage {}
