import ByteCoding
import Glibc

/// Blocks of rows between the connections that read and the one encoder, in the order of the jobs.
///
/// Readers take jobs in order and may be ahead of the encoder by a bounded number of jobs and bytes; then they wait.
/// Thread-safe. Waits block their thread.
final class SnapshotPipe: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let jobCount: Int
    private let aheadCountMax: Int
    private let byteCountMax: Int

    private var nextJob = 0
    private var current = 0
    private var queues: [Int: Queue] = [:]
    private var free: [RowBlock] = []
    private var failure: CaptureError?
    private var isClosed = false

    private struct Queue {
        var blocks: [RowBlock] = []
        var byteCount = 0
        var isFinished = false
    }

    /// - Parameters:
    ///   - aheadCountMax: how many jobs may be begun before the encoder reaches them.
    ///   - byteCountMax: how many bytes of one job may wait.
    init(jobCount: Int, aheadCountMax: Int, byteCountMax: Int = 4 << 20) {
        self.jobCount = jobCount
        self.aheadCountMax = max(1, aheadCountMax)
        self.byteCountMax = byteCountMax
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    private func locked<Value>(_ body: () throws(CaptureError) -> Value) throws(CaptureError) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    private func check() throws(CaptureError) {
        if let failure { throw failure }
        if isClosed { throw CaptureError(code: .cancelled, detail: "the snapshot was cancelled") }
    }

    // MARK: - Readers

    /// The next job to read, or nil when all are taken.
    func takeJob() throws(CaptureError) -> Int? {
        try locked { () throws(CaptureError) in
            while nextJob < jobCount, nextJob > current + aheadCountMax {
                try check()
                pthread_cond_wait(changed, mutex)
            }
            try check()
            guard nextJob < jobCount else { return nil }
            defer { nextJob += 1 }
            queues[nextJob] = Queue()
            return nextJob
        }
    }

    /// An empty block.
    func makeBlock() -> RowBlock {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return free.popLast() ?? RowBlock()
    }

    func push(_ block: RowBlock, job: Int) throws(CaptureError) {
        try locked { () throws(CaptureError) in
            while let queue = queues[job], !queue.blocks.isEmpty, queue.byteCount >= byteCountMax {
                try check()
                pthread_cond_wait(changed, mutex)
            }
            try check()
            queues[job]?.blocks.append(block)
            queues[job]?.byteCount += block.bytes.count
            pthread_cond_broadcast(changed)
        }
    }

    func finish(job: Int) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        queues[job]?.isFinished = true
        pthread_cond_broadcast(changed)
    }

    func fail(_ error: CaptureError) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        // The first failure is the cause; what follows is its echo.
        if failure == nil { failure = error }
        pthread_cond_broadcast(changed)
    }

    /// Ends all waits.
    func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        pthread_cond_broadcast(changed)
    }

    // MARK: - The encoder

    /// The next block of `job`, or nil when the job is at its end. Jobs are asked for in order.
    func next(of job: Int) throws(CaptureError) -> RowBlock? {
        try locked { () throws(CaptureError) in
            if current != job {
                queues[current] = nil
                current = job
                pthread_cond_broadcast(changed)
            }
            while true {
                try check()
                if var queue = queues[job] {
                    if !queue.blocks.isEmpty {
                        let block = queue.blocks.removeFirst()
                        queue.byteCount -= block.bytes.count
                        queues[job] = queue
                        pthread_cond_broadcast(changed)
                        return block
                    }
                    if queue.isFinished { return nil }
                }
                pthread_cond_wait(changed, mutex)
            }
        }
    }

    /// Gives a block back for reuse.
    func recycle(_ block: RowBlock) {
        block.removeAll()
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if free.count < 16 { free.append(block) }
    }
}
