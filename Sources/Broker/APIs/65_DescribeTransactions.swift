internal import AccessControl
internal import ChangeModel
internal import GroupCoordinator
internal import KafkaProtocol

/// DescribeTransactions, key 65: how far the transactions of these transactional ids are. Version 0.
struct DescribeTransactionsHandler: APIHandler {
    typealias Request = DescribeTransactionsRequest
    static let versions: ClosedRange<Int16> = 0...0

    func handle(
        _ request: DescribeTransactionsRequest, _ context: RequestContext,
        _ reply: Reply<DescribeTransactionsResponse>
    ) {
        context.broker.transactions.read { coordinator in
            var response = DescribeTransactionsResponse()
            for id in request.transactionalIds {
                var state = DescribeTransactionsResponse.TransactionState()
                state.transactionalId = id
                if !context.allows(.describe, .transactionalID, id) {
                    state.errorCode = ErrorCode.transactionalIdAuthorizationFailed.rawValue
                } else {
                    do throws(TransactionError) {
                        state = Self.described(try coordinator.describe(id))
                    } catch {
                        state.errorCode = error.rawValue
                    }
                }
                response.transactionStates.append(state)
            }
            reply.send(response)
        }
    }

    private static func described(_ metadata: TransactionMetadata) -> DescribeTransactionsResponse.TransactionState {
        var state = DescribeTransactionsResponse.TransactionState()
        state.transactionalId = metadata.transactionalID
        state.transactionState = metadata.state.name
        state.transactionTimeoutMs = metadata.timeoutMillis
        state.transactionStartTimeMs = metadata.startTimestamp
        state.producerId = metadata.producerID
        state.producerEpoch = metadata.producerEpoch
        for partition in metadata.partitions {
            if let index = state.topics.firstIndex(where: { $0.topic == partition.topic }) {
                state.topics[index].partitions.append(partition.partition)
            } else {
                var topic = DescribeTransactionsResponse.TopicData()
                topic.topic = partition.topic
                topic.partitions = [partition.partition]
                state.topics.append(topic)
            }
        }
        return state
    }
}
