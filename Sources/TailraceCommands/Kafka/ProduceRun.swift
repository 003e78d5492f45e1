import Glibc
import KafkaClient

/// Produces what comes on standard input.
struct ProduceRun {
    let producer: KafkaProducer
    let topic: String
    let input: ProducerInput
    let partition: Int32?
    let headers: [RecordHeader]
    let isTransactional: Bool
    let isReporting: Bool
    let deadline: Duration

    /// Not every record was delivered, or a line is not a record.
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private var lineCount = 0
    private var deliveredCount = 0
    private var pending: [PendingDelivery] = []

    init(
        producer: KafkaProducer, topic: String, input: ProducerInput, partition: Int32?, headers: [RecordHeader],
        isTransactional: Bool, isReporting: Bool, deadline: Duration
    ) {
        self.producer = producer
        self.topic = topic
        self.input = input
        self.partition = partition
        self.headers = headers
        self.isTransactional = isTransactional
        self.isReporting = isReporting
        self.deadline = deadline
    }

    /// Batches that wait for their reports before more input is read.
    private static let pendingCountMax = 16

    /// Returns how many records were delivered.
    mutating func run() async throws -> Int {
        guard isTransactional else {
            try await produceAll()
            return deliveredCount
        }
        try await producer.initializeTransactions(within: deadline)
        try await producer.beginTransaction()
        do {
            try await produceAll()
            try await producer.commitTransaction(within: deadline)
        } catch {
            if (error as? KafkaError)?.isFatal != true {
                do { try await producer.abortTransaction(within: deadline) } catch {
                    StandardError.warning("the transaction could not be aborted: \(error)")
                }
            }
            throw error
        }
        return deliveredCount
    }

    private mutating func produceAll() async throws {
        var reader = LineReader(descriptor: STDIN_FILENO)
        while let lines = reader.next() {
            var batch = OutgoingBatch(byteCount: lines.reduce(0) { $0 + $1.count })
            let topicIndex = batch.topicIndex(topic)
            var malformed: Failed?
            for line in lines {
                lineCount += 1
                do {
                    let record = try input.record(line)
                    batch.append(
                        topic: topicIndex, partition: record.partition ?? partition, timestamp: record.timestamp,
                        key: record.key?.span, value: record.value?.span, headers: headers + record.headers)
                } catch {
                    malformed = Failed(description: "line \(lineCount) of the input: \(error.reason)")
                    break
                }
            }
            pending.append(try await producer.enqueue(batch))
            if let malformed {
                try await collect(until: 0)
                throw malformed
            }
            try await collect(until: Self.pendingCountMax)
        }
        try await collect(until: 0)
    }

    /// Takes reports in until no more than `count` batches are without.
    private mutating func collect(until count: Int) async throws {
        while pending.count > count {
            let reports = await pending.removeFirst().reports()
            for report in reports {
                if let error = report.error {
                    throw Failed(
                        description: "a record was not delivered to '\(topic)': \(error.summary) (\(error.name)); "
                            + "\(deliveredCount) were")
                }
                deliveredCount += 1
                guard isReporting else { continue }
                var line = JSONLine()
                line.set("partition", Int64(report.partition))
                line.set("offset", report.offset)
                line.printLine()
            }
        }
    }
}
