internal import Glibc

/// A thread of our own for work that blocks, so that it never takes one of Swift's few.
package final class WorkerThread: @unchecked Sendable {
    private final class Start {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private var thread = pthread_t()

    /// Starts at once. The owner must ``join()`` it.
    package init(_ body: @escaping @Sendable () -> Void) {
        let start = unsafe Unmanaged.passRetained(Start(body))
        // SAFETY: the new thread takes the retained object over.
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        precondition(code == 0, "the system refused another thread")
    }

    /// Waits for the thread's end; call it once, from another thread.
    package func join() { _ = pthread_join(thread, nil) }
}
