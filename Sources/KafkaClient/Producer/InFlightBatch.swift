internal import CRdkafka
internal import Synchronization

/// A batch between its hand-over to librdkafka and the last of its delivery reports.
///
/// Each record's report reaches its slot through the pointer that librdkafka carries for it. The batch holds itself alive
/// until all slots are filled.
final class InFlightBatch: @unchecked Sendable {
    private struct Slot {
        let batch: Unmanaged<InFlightBatch>
        var report: DeliveryReport
    }
    private struct State {
        var pendingCount: Int
        var waiters: [CheckedContinuation<[DeliveryReport], Never>] = []
        var reports: [DeliveryReport]?
    }

    let storage: BatchStorage
    private let slots: UnsafeMutableBufferPointer<Slot>
    private let state: Mutex<State>

    init(_ storage: BatchStorage) {
        self.storage = storage
        let count = storage.entries.count
        slots = .allocate(capacity: count)
        state = Mutex(State(pendingCount: count, reports: count == 0 ? [] : nil))
        for index in 0..<count {
            let report = DeliveryReport(partition: -1, offset: -1, error: nil, isPossiblyPersisted: false)
            slots.initializeElement(at: index, to: Slot(batch: .passUnretained(self), report: report))
        }
        // Given back with the last report.
        if count > 0 { _ = Unmanaged.passRetained(self) }
    }

    deinit {
        slots.deinitialize()
        slots.deallocate()
    }

    /// What librdkafka carries for the record.
    func opaque(_ index: Int) -> UnsafeMutableRawPointer? {
        slots.baseAddress.map { UnsafeMutableRawPointer($0 + index) }
    }

    /// The report of a record that librdkafka did not take.
    func refuse(_ index: Int, _ error: KafkaErrorCode) {
        finish(DeliveryReport(partition: -1, offset: -1, error: error, isPossiblyPersisted: false), at: index)
    }

    /// librdkafka's report for a record.
    static func complete(_ message: UnsafePointer<rd_kafka_message_t>) {
        guard let slot = message.pointee._private?.assumingMemoryBound(to: Slot.self) else { return }
        let batch = slot.pointee.batch.takeUnretainedValue()
        let error = message.pointee.err
        let report = DeliveryReport(
            partition: message.pointee.partition, offset: message.pointee.offset,
            error: error == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaErrorCode(rawValue: error.rawValue),
            isPossiblyPersisted: rd_kafka_message_status(message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED)
        guard let first = batch.slots.baseAddress else { return }
        batch.finish(report, at: slot - first)
    }

    private func finish(_ report: DeliveryReport, at index: Int) {
        // Each slot is written once; the lock orders the writes before the last one's read.
        slots[index].report = report
        let isLast = state.withLock { state in
            state.pendingCount -= 1
            return state.pendingCount == 0
        }
        guard isLast else { return }
        let reports = slots.map(\.report)
        let waiters = state.withLock { state in
            state.reports = reports
            let waiters = state.waiters
            state.waiters = []
            return waiters
        }
        for waiter in waiters { waiter.resume(returning: reports) }
        Unmanaged.passUnretained(self).release()
    }

    func reports() async -> [DeliveryReport] {
        await withCheckedContinuation { continuation in
            let reports = state.withLock { state in
                if state.reports == nil { state.waiters.append(continuation) }
                return state.reports
            }
            if let reports { continuation.resume(returning: reports) }
        }
    }
}
