import Synchronization

/// Where a source publishes its status. Any thread may read it.
public final class CaptureMonitor: Sendable {
    private let status = Mutex(CaptureStatus())

    public init() {}

    public var current: CaptureStatus { status.withLock { $0 } }

    public func update(_ change: (inout CaptureStatus) -> Void) { status.withLock { change(&$0) } }
}
