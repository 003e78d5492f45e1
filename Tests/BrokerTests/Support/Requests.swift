import ByteCoding
import ChangeModel
import Compression
import KafkaProtocol

/// One batch with these values, as a producer sends it.
func batch(_ values: [String], timestamp: Int64 = 1_700_000_000_000) throws -> [UInt8] {
    let builder = RecordBatchBuilder()
    let noHeaders: [UInt8] = [0]
    for value in values {
        let bytes = Array(value.utf8)
        builder.append(
            timestamp: timestamp, key: [UInt8]().span, hasKey: false, value: bytes.span, hasValue: true,
            headers: noHeaders.span)
    }
    var output = ByteBuffer()
    try RecordBatchEncoder.encode(builder, as: .none, codec: StandardCodec(), into: &output)
    return output.array()
}

func produce(_ topic: String, partition: Int32 = 0, acks: Int16 = -1, _ values: [String]) throws -> ProduceRequest {
    var data = ProduceRequest.PartitionProduceData()
    data.index = partition
    data.records = .bytes(try batch(values))
    var topicData = ProduceRequest.TopicProduceData()
    topicData.name = topic
    topicData.partitionData = [data]
    var request = ProduceRequest()
    request.acks = acks
    request.timeoutMs = 30_000
    request.topicData = [topicData]
    return request
}

func fetch(
    _ topic: String, partition: Int32 = 0, from offset: Int64, maxWaitMs: Int32 = 60_000, minBytes: Int32 = 1,
    sessionID: Int32 = 0, sessionEpoch: Int32 = -1
) -> FetchRequest {
    var wanted = FetchRequest.FetchPartition()
    wanted.partition = partition
    wanted.fetchOffset = offset
    wanted.partitionMaxBytes = 1 << 20
    var topicWanted = FetchRequest.FetchTopic()
    topicWanted.topic = topic
    topicWanted.partitions = [wanted]
    var request = FetchRequest()
    request.maxWaitMs = maxWaitMs
    request.minBytes = minBytes
    request.maxBytes = 10 << 20
    request.sessionId = sessionID
    request.sessionEpoch = sessionEpoch
    request.topics = [topicWanted]
    return request
}
