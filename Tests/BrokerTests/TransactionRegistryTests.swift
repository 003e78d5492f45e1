import ChangeModel
import GroupCoordinator
import Testing

@testable import Broker

@Suite("Broker: which partitions a transaction has")
struct TransactionRegistryTests {
    private let partition = TopicPartition(topic: "orders", partition: 0)

    @Test("before the transactions are read back nobody is told that theirs is not open")
    func loading() {
        let registry = TransactionRegistry()
        let producer = ProducerIdentity(id: 7, epoch: 1)
        func standing(_ producer: ProducerIdentity) -> TransactionRegistry.Standing {
            registry.check(producer, partition) { $0 }
        }
        #expect(standing(producer) == .unknown)
        registry.open(producer, [partition])
        #expect(standing(producer) == .open)
        registry.finishLoading()
        #expect(standing(producer) == .open)
        #expect(standing(ProducerIdentity(id: 7, epoch: 0)) == .notOpen)
        registry.close(7)
        #expect(standing(producer) == .notOpen)
    }
}
