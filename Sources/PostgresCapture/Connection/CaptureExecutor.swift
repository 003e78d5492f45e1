import CLibpq
import Glibc
import Synchronization

/// A thread for blocking work: calls into libpq, waits on sockets, and the capture loop itself.
///
/// Tasks that prefer it (`withTaskExecutorPreference`) run on its thread, one at a time; the cooperative pool's threads
/// stay free. The thread ends when the executor is released and its queue is empty.
public final class CaptureExecutor: TaskExecutor, @unchecked Sendable {
    private let queue: JobQueue

    public init(name: String) {
        queue = JobQueue()
        let queue = self.queue
        // The thread owns the queue, never the executor: releasing the executor is what ends the thread.
        let start = Unmanaged.passRetained(ThreadStart(queue: queue, name: name))
        var thread: pthread_t = 0
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { attributes.deallocate() }
        pthread_attr_init(attributes)
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(attributes, 4 << 20)
        let status = pthread_create(
            &thread, attributes,
            { argument in
                let start = Unmanaged<ThreadStart>.fromOpaque(argument!).takeRetainedValue()
                tailrace_name_thread(start.name)
                start.queue.drain()
                return nil
            }, start.toOpaque())
        pthread_attr_destroy(attributes)
        precondition(status == 0, "the system refused a thread")
    }

    deinit { queue.close() }

    public func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), executor: asUnownedTaskExecutor(), keeping: self)
    }

    private final class ThreadStart {
        let queue: JobQueue
        let name: String
        init(queue: JobQueue, name: String) {
            self.queue = queue
            self.name = name
        }
    }
}

/// Jobs in order of arrival, run by one thread.
private final class JobQueue: @unchecked Sendable {
    private struct Entry {
        let job: UnownedJob
        let executor: UnownedTaskExecutor
        /// Keeps the executor alive until its job has run.
        let owner: CaptureExecutor
    }
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var entries: [Entry] = []
    private var isClosed = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    func append(_ job: UnownedJob, executor: UnownedTaskExecutor, keeping owner: CaptureExecutor) {
        pthread_mutex_lock(mutex)
        entries.append(Entry(job: job, executor: executor, owner: owner))
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func drain() {
        while true {
            pthread_mutex_lock(mutex)
            while entries.isEmpty && !isClosed { pthread_cond_wait(condition, mutex) }
            let batch = entries
            entries.removeAll(keepingCapacity: true)
            let ends = batch.isEmpty
            pthread_mutex_unlock(mutex)
            if ends { return }
            for entry in batch { entry.job.runSynchronously(on: entry.executor) }
        }
    }
}
