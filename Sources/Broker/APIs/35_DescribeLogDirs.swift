internal import ChangeModel
internal import CommitLog
internal import Foundation
internal import KafkaProtocol

/// DescribeLogDirs, key 35: how much the partitions take, and how much room the disk has.
///
/// Versions 1 to 4. There is one directory. Null topics mean all.
struct DescribeLogDirsHandler: APIHandler {
    typealias Request = DescribeLogDirsRequest
    static let versions: ClosedRange<Int16> = 1...4

    func handle(_ request: DescribeLogDirsRequest, _ context: RequestContext, _ reply: Reply<DescribeLogDirsResponse>) {
        let broker = context.broker
        broker.offload {
            var result = DescribeLogDirsResponse.DescribeLogDirsResult()
            result.logDir = URL(fileURLWithPath: broker.log.directory).path
            var space = statvfs()
            if statvfs(broker.log.directory, &space) == 0 {
                result.totalBytes = Int64(space.f_blocks) * Int64(space.f_frsize)
                result.usableBytes = Int64(space.f_bavail) * Int64(space.f_frsize)
            }
            let wanted: [(String, [Int32])]
            if let topics = request.topics {
                wanted = topics.map { ($0.topic, $0.partitions) }
            } else {
                wanted = broker.topics.all.map { ($0.name, Array(0..<$0.partitionCount)) }
            }
            result.topics = wanted.compactMap { name, partitions in describe(name, partitions, broker) }
            var response = DescribeLogDirsResponse()
            response.results = [result]
            reply.send(response)
        }
    }

    private func describe(
        _ name: String, _ partitions: [Int32], _ broker: Broker
    ) -> DescribeLogDirsResponse.DescribeLogDirsTopic? {
        var topic = DescribeLogDirsResponse.DescribeLogDirsTopic()
        topic.name = name
        for number in partitions {
            guard let view = try? broker.log.view(TopicPartition(topic: name, partition: number)) else { continue }
            var partition = DescribeLogDirsResponse.DescribeLogDirsPartition()
            partition.partitionIndex = number
            partition.partitionSize = (try? view.byteCount()) ?? 0
            topic.partitions.append(partition)
        }
        return topic.partitions.isEmpty ? nil : topic
    }
}
