internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol
internal import NIOCore
internal import Synchronization

/// A fetch from its arrival to its answer; while it waits for news the purgatory holds it.
///
/// It lives on its connection's event loop; only ``wake()`` is for any thread.
final class ParkedFetch: @unchecked Sendable {
    // SAFETY (of Sendable): all but `isWoken`, which is atomic, is touched on the event loop alone.
    private let request: FetchRequest
    private let context: RequestContext
    private let reply: Reply<FetchResponse>
    private let plan: FetchSessionCache.Plan
    private let partitions: [FetchPartition]
    private let isWoken = Atomic<Bool>(false)
    private var timer: Scheduled<Void>?
    private var isParked = false
    private var isOver = false

    init(
        _ request: FetchRequest, _ context: RequestContext, _ reply: Reply<FetchResponse>,
        plan: FetchSessionCache.Plan, partitions: [FetchPartition]
    ) {
        self.request = request
        self.context = context
        self.reply = reply
        self.plan = plan
        self.partitions = partitions
    }

    /// Answers at once where there is enough, else when there is or the time is up.
    func start() {
        let first = evaluate()
        if isEnough(first) || request.maxWaitMs <= 0 || partitions.isEmpty { return finish(first) }
        isParked = true
        context.broker.metrics.parkedFetchCount.add(1)
        context.broker.purgatory.park(self, at: partitions.map(\.id))
        context.connection.onEnd(of: context) { self.abandon() }
        context.connection.onDrain(of: context) { self.finish(self.evaluate()) }
        // What was committed between the look and the parking has woken nobody.
        let second = evaluate()
        if isEnough(second) { return finish(second) }
        timer = context.eventLoop.scheduleTask(in: .milliseconds(Int64(request.maxWaitMs))) {
            self.finish(self.evaluate())
        }
    }

    /// Says that something has changed at one of the partitions. Any thread.
    func wake() {
        guard !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
        context.eventLoop.execute {
            self.isWoken.store(false, ordering: .releasing)
            guard !self.isOver else { return }
            let found = self.evaluate()
            if self.isEnough(found) { self.finish(found) }
        }
    }

    private func evaluate() -> FetchEvaluation {
        var byteCountMax = min(Int(request.maxBytes), context.broker.settings.fetchByteCountMax)
        // Encryption needs the bytes in memory.
        if context.session.listener.security.usesTLS { byteCountMax = min(byteCountMax, 4 << 20) }
        var evaluation = FetchEvaluation(
            log: context.broker.log, byteCountMax: max(0, byteCountMax),
            isolation: request.isolationLevel == 1 ? .committed : .uncommitted,
            refusal: { [context] in context.readRefusal(of: $0) })
        evaluation.look(at: partitions)
        return evaluation
    }

    private func isEnough(_ found: FetchEvaluation) -> Bool {
        found.isUrgent || found.byteCount >= Int(request.minBytes)
    }

    private func finish(_ found: FetchEvaluation) {
        guard !isOver else { return }
        leave()
        FetchHandler.answer(found.results, plan: plan, context, reply)
    }

    private func abandon() {
        guard !isOver else { return }
        leave()
    }

    private func leave() {
        isOver = true
        timer?.cancel()
        guard isParked else { return }
        context.broker.purgatory.remove(self, from: partitions.map(\.id))
        context.broker.metrics.releasedFetchCount.add(1)
    }
}
