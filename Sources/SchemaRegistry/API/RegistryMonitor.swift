internal import Synchronization

/// How much there is and how much was asked, for metrics. Safe on any thread.
public final class RegistryMonitor: Sendable {
    public struct Statistics: Sendable, Equatable {
        public var subjectCount = 0
        public var versionCount = 0
        public var idCount = 0
        /// Answers by the status's first digit.
        public var answerCounts: [Int: Int] = [:]
        public var registrationCount = 0
    }

    private let statistics = Mutex(Statistics())

    public var current: Statistics { statistics.withLock { $0 } }

    func update(_ body: (inout Statistics) -> Void) { statistics.withLock { body(&$0) } }
}
