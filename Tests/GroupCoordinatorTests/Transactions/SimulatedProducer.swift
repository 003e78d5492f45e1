import ChangeModel
import TailraceTesting

@testable import GroupCoordinator

/// A transactional producer as Kafka's clients are: it repeats what was not answered and gives up when it is fenced.
struct SimulatedProducer {
    enum Phase: Equatable { case initializing, ready, adding, writing, ending, fenced }

    let id: String
    /// It ends transactions by KIP-890's rules.
    let bumpsEpoch: Bool
    var phase = Phase.initializing
    var identity = ProducerIdentity.none
    var isWaiting = false
    var transaction = 0
    var partitions: [TopicPartition] = []
    var wantsCommit = true
    /// Counts successful initializations over all producers: when this one's was, and when it first asked for the end of
    /// its transaction.
    var initializedAt = 0
    var endSentAt: Int?

    init(id: String, bumpsEpoch: Bool) {
        self.id = id
        self.bumpsEpoch = bumpsEpoch
    }

    mutating func begin(transaction: Int, using generator: inout SeededGenerator) {
        self.transaction = transaction
        partitions = (0..<4).shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator))
            .map { TopicPartition(topic: "orders", partition: Int32($0)) }
        wantsCommit = !generator.oneIn(4)
        endSentAt = nil
        phase = .adding
    }

    /// Lets the transaction under way reach another partition.
    mutating func addPartition(using generator: inout SeededGenerator) {
        let added = TopicPartition(topic: "orders", partition: Int32.random(in: 0..<6, using: &generator))
        if !partitions.contains(added) { partitions.append(added) }
        phase = .adding
    }

    mutating func replyLost() { isWaiting = false }

    /// - Returns: whether its transaction was committed, when the reply says that it has ended.
    mutating func receive(_ reply: TransactionCoordinator.Reply) -> Bool? {
        isWaiting = false
        switch reply {
        case .success(let producer):
            switch phase {
            case .initializing:
                identity = producer
                phase = .ready
            case .adding:
                phase = .writing
            case .ending:
                if bumpsEpoch { identity = producer }
                phase = .ready
                return wantsCommit
            case .ready, .writing, .fenced:
                break
            }
        case .failure(.concurrentTransactions), .failure(.coordinatorNotAvailable),
            .failure(.coordinatorLoadInProgress):
            break
        case .failure:
            phase = .fenced
        }
        return nil
    }

    /// Another producer took the id over before this one asked for the end.
    func isReplaced(before producers: [SimulatedProducer]) -> Bool {
        guard let endSentAt else { return false }
        return producers.contains { other in
            other.id == id && other.initializedAt > initializedAt && other.initializedAt <= endSentAt
        }
    }
}
