import ByteCoding
import ChangeModel
import KafkaProtocol
import TailraceTesting

@testable import CommitLog

/// What one producer does to one partition.
struct ProducerOperation: Equatable {
    enum Kind: Equatable {
        case data(count: Int, isTransactional: Bool)
        case marker(isCommit: Bool, coordinatorEpoch: Int32)
        /// What a writer of this process appends, without a producer.
        case source(count: Int)
    }
    var partition: TopicPartition
    var producerID: Int64
    var epoch: Int16
    var sequence: Int32 = -1
    var kind: Kind

    func add(to request: CommitRequest) {
        switch kind {
        case .source(let count): request.add((0..<count).map { "source \($0)" }, to: partition)
        case .data(let count, let isTransactional):
            let start = request.buffer.count
            let batch = TestBatch(
                values: (0..<count).map { "\(producerID)/\(sequence)+\($0)" }, attributes: isTransactional ? 0x10 : 0,
                producerID: producerID, epoch: epoch, sequence: sequence
            ).bytes()
            request.buffer.append(batch.span)
            request.add(start..<request.buffer.count, for: partition, origin: .client(transactionVerified: true))
        case .marker(let isCommit, let coordinatorEpoch):
            request.add(
                TransactionMarker(
                    producerID: producerID, producerEpoch: epoch, coordinatorEpoch: coordinatorEpoch,
                    isCommit: isCommit), timestamp: 1000, for: partition)
        }
    }
}

/// A partition's producers, kept in the most obvious way.
struct PartitionModel: Equatable {
    struct Batch: Equatable {
        var first: Int32
        var last: Int32
        var offset: Int64
    }
    struct Producer: Equatable {
        var epoch: Int16 = 0
        var batches: [Batch] = []
        var coordinatorEpoch: Int32 = -1
        var start: Int64?
    }
    var end: Int64 = 0
    var producers: [Int64: Producer] = [:]
    var aborted: [AbortedTransaction] = []

    var stable: Int64 { producers.values.compactMap(\.start).min() ?? end }

    mutating func apply(_ operation: ProducerOperation) {
        let offset = end
        if case .source(let count) = operation.kind {
            end += Int64(count)
            return
        }
        var producer = producers[operation.producerID] ?? Producer(epoch: operation.epoch)
        if operation.epoch != producer.epoch {
            producer.epoch = operation.epoch
            producer.batches = []
        }
        switch operation.kind {
        case .source: return
        case .data(let count, let isTransactional):
            let last = Int32((Int64(operation.sequence) + Int64(count) - 1) % (Int64(Int32.max) + 1))
            producer.batches = Array(
                (producer.batches + [Batch(first: operation.sequence, last: last, offset: offset)]).suffix(5))
            if isTransactional, producer.start == nil { producer.start = offset }
            end += Int64(count)
            producers[operation.producerID] = producer
        case .marker(let isCommit, let coordinatorEpoch):
            producer.coordinatorEpoch = coordinatorEpoch
            end += 1
            let first = producer.start
            producer.start = nil
            producers[operation.producerID] = producer
            if let first, !isCommit {
                aborted.append(
                    AbortedTransaction(
                        producerID: operation.producerID, firstOffset: Offset(rawValue: first),
                        lastOffset: Offset(rawValue: offset), lastStableOffset: Offset(rawValue: stable)))
            }
        }
    }

    init() {}

    /// The same as the log has it.
    init<Files: FileSystem>(_ log: PartitionLog<Files>) throws {
        end = log.nextOffset.rawValue
        for (id, state) in log.producers.states {
            producers[id] = Producer(
                epoch: state.epoch,
                batches: state.batches.map {
                    Batch(first: $0.firstSequence, last: $0.lastSequence, offset: $0.baseOffset.rawValue)
                }, coordinatorEpoch: state.coordinatorEpoch, start: state.transactionStart?.rawValue)
        }
        aborted = try log.view.abortedTransactions(from: .zero, to: Offset(rawValue: .max))
    }
}

/// Producers at random, and the groups of operations that they have asked for.
struct ProducerHistory {
    static let partitions = [0, 1].map { TopicPartition(topic: "t", partition: $0) }
    /// Every second producer is transactional.
    static let producerCount: Int64 = 6
    var groups: [[ProducerOperation]] = []
    var acknowledgedCount = 0
    var models: [TopicPartition: PartitionModel] = [:]

    /// The partitions after the first `count` groups.
    func models(after count: Int) -> [TopicPartition: PartitionModel] {
        var models = Dictionary(uniqueKeysWithValues: Self.partitions.map { ($0, PartitionModel()) })
        for operation in groups.prefix(count).joined() { models[operation.partition]?.apply(operation) }
        return models
    }

    /// One to three operations that belong together, of different producers.
    mutating func makeGroup(using generator: inout SeededGenerator) -> CommitRequest {
        let request = CommitRequest()
        var group: [ProducerOperation] = []
        for id in (1...Self.producerCount).shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator))
        {
            let operation = makeOperation(of: id, using: &generator)
            operation.add(to: request)
            models[operation.partition, default: PartitionModel()].apply(operation)
            group.append(operation)
        }
        groups.append(group)
        return request
    }

    /// What a writer of this process appends to one or both partitions.
    mutating func makeSourceGroup(using generator: inout SeededGenerator) -> CommitRequest {
        let request = CommitRequest()
        let group = Self.partitions.shuffled(using: &generator).prefix(Int.random(in: 1...2, using: &generator)).map {
            ProducerOperation(
                partition: $0, producerID: -1, epoch: -1,
                kind: .source(count: Int.random(in: 1...3, using: &generator)))
        }
        for operation in group {
            operation.add(to: request)
            models[operation.partition, default: PartitionModel()].apply(operation)
        }
        groups.append(group)
        return request
    }

    private func makeOperation(of id: Int64, using generator: inout SeededGenerator) -> ProducerOperation {
        let partition = Self.partitions.randomElement(using: &generator) ?? Self.partitions[0]
        let known = models[partition]?.producers[id]
        let isTransactional = id % 2 == 0
        if isTransactional, known?.start != nil || generator.oneIn(12), generator.oneIn(3) {
            let raisesEpoch = generator.oneIn(5)
            return ProducerOperation(
                partition: partition, producerID: id, epoch: (known?.epoch ?? 0) + (raisesEpoch ? 1 : 0),
                kind: .marker(
                    isCommit: generator.oneIn(2),
                    coordinatorEpoch: max(0, known?.coordinatorEpoch ?? 0) + (generator.oneIn(8) ? 1 : 0)))
        }
        let beginsAnew = known?.start == nil && generator.oneIn(10)
        let last = known?.batches.last?.last
        let next = last.map { $0 == .max ? 0 : $0 + 1 } ?? (known == nil ? Int32.max - 20 : 0)
        return ProducerOperation(
            partition: partition, producerID: id, epoch: (known?.epoch ?? 0) + (beginsAnew ? 1 : 0),
            sequence: beginsAnew && known != nil ? 0 : next,
            kind: .data(count: Int.random(in: 1...4, using: &generator), isTransactional: isTransactional))
    }
}
