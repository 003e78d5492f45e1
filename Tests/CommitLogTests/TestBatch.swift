import ByteCoding
import ChangeModel
import KafkaProtocol

@testable import CommitLog

/// One uncompressed batch as a client sends it, with any header field that a test wants to be wrong.
struct TestBatch {
    var values: [String]
    var key: String?
    var timestamp: Int64 = 1000
    var attributes: Int16 = 0
    var producerID: Int64 = -1
    var epoch: Int16 = 0
    var sequence: Int32 = -1
    var recordCount: Int32?
    var lastOffsetDelta: Int32?

    func bytes() -> ByteBuffer {
        var records = ByteBuffer()
        for (index, value) in values.enumerated() {
            var record = ByteBuffer()
            record.append(0)
            record.append(varInt: 0)
            record.append(varInt: Int64(index))
            record.append(varInt: Int64(key?.utf8.count ?? -1))
            record.append(Array((key ?? "").utf8))
            record.append(varInt: Int64(value.utf8.count))
            record.append(Array(value.utf8))
            record.append(varInt: 0)
            records.append(varInt: Int64(record.count))
            records.append(record.span)
        }
        var body = ByteBuffer()
        body.append(bigEndian: attributes)
        body.append(bigEndian: lastOffsetDelta ?? Int32(values.count - 1))
        body.append(bigEndian: timestamp)
        body.append(bigEndian: timestamp)
        body.append(bigEndian: producerID)
        body.append(bigEndian: producerID < 0 ? -1 : epoch)
        body.append(bigEndian: sequence)
        body.append(bigEndian: recordCount ?? Int32(values.count))
        body.append(records.span)
        var batch = ByteBuffer()
        batch.append(bigEndian: Int64(0))
        batch.append(bigEndian: Int32(body.count + 9))
        batch.append(bigEndian: Int32(-1))
        batch.append(2)
        batch.append(bigEndian: CRC32C.checksum(body.span))
        batch.append(body.span)
        return batch
    }
}

extension [UInt8] {
    var buffer: ByteBuffer {
        var buffer = ByteBuffer(capacity: count)
        buffer.append(self)
        return buffer
    }

    func changing(at index: Int, _ change: (UInt8) -> UInt8) -> ByteBuffer {
        var copy = self
        copy[index] = change(copy[index])
        return copy.buffer
    }
}

extension Result {
    var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}

extension CommitLog {
    /// Appends and waits for the answer.
    func appendResult(
        _ batch: consuming ByteBuffer, to partition: TopicPartition, origin: AppendOrigin = .client()
    ) -> Result<AppendOutcome, AppendError> {
        let answer = Monitor<Result<AppendOutcome, AppendError>?>(nil)
        append(batch, to: partition, origin: origin) { result in answer.update { $0 = result } }
        return answer.wait { $0 } ?? .failure(.closed)
    }

    func appendNow(_ batch: consuming ByteBuffer, to partition: TopicPartition) -> AppendOutcome? {
        try? appendResult(batch, to: partition).get()
    }

    func appendError(_ batch: consuming ByteBuffer, to partition: TopicPartition) -> AppendError? {
        appendResult(batch, to: partition).error
    }

    func appendCode(
        _ batch: consuming ByteBuffer, to partition: TopicPartition, origin: AppendOrigin = .client()
    ) -> Int16? {
        appendResult(batch, to: partition, origin: origin).error?.code
    }

    /// Ends a transaction and waits for the answer.
    func end(
        _ producerID: Int64, epoch: Int16, coordinatorEpoch: Int32, isCommit: Bool, in partition: TopicPartition
    ) -> Result<AppendOutcome, AppendError> {
        let answer = Monitor<Result<AppendOutcome, AppendError>?>(nil)
        let marker = TransactionMarker(
            producerID: producerID, producerEpoch: epoch, coordinatorEpoch: coordinatorEpoch, isCommit: isCommit)
        append(marker, to: partition) { result in answer.update { $0 = result } }
        return answer.wait { $0 } ?? .failure(.closed)
    }
}
