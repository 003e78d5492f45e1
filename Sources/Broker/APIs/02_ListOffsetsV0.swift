internal import KafkaProtocol

/// ListOffsets, key 2, version 0: the form before Kafka 0.10.1, which Burrow 1.2 and other old lag exporters send. At
/// most one offset for each partition: the end, the start, or the first record that is not older than a time.
struct ListOffsetsV0Handler: APIHandler {
    typealias Request = ListOffsetsV0Request
    static let versions: ClosedRange<Int16> = 0...0

    func handle(_ request: ListOffsetsV0Request, _ context: RequestContext, _ reply: Reply<ListOffsetsV0Response>) {
        var current = ListOffsetsRequest()
        current.topics = request.topics.map { topic in
            var asked = ListOffsetsRequest.ListOffsetsTopic()
            asked.name = topic.name
            asked.partitions = topic.partitions.map { partition in
                var asked = ListOffsetsRequest.ListOffsetsPartition()
                asked.partitionIndex = partition.index
                asked.timestamp = partition.timestamp
                return asked
            }
            return asked
        }
        let converted = current
        // A lookup by time may read from the disk.
        context.broker.offload {
            var response = ListOffsetsV0Response()
            response.topics = ListOffsetsHandler().answer(converted, context).topics.map { topic in
                .init(
                    name: topic.name,
                    partitions: topic.partitions.map {
                        .init(
                            index: $0.partitionIndex, errorCode: $0.errorCode,
                            offsets: $0.errorCode == 0 && $0.offset >= 0 ? [$0.offset] : [])
                    })
            }
            reply.send(response)
        }
    }
}
