public import SchemaStore

/// The registry in operation: its state, kept to its journal. Every change is durable before it shows, and it shows by
/// being read back, so that live traffic and recovery take one path. Safe to call from any task.
public actor RegistryService {
    /// What there is and what was asked.
    public nonisolated let monitor = RegistryMonitor()
    private let journal: any RegistryJournal
    private let api: RegistryAPI
    private var store: RegistryStore
    private var nextOffset: Int64 = 0
    /// Requests are decided one at a time: a decision that waits for its durability must not be overtaken.
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Reads the journal. Blocks while it does.
    public init(
        journal: any RegistryJournal, identity: RegistryAPI.Identity,
        defaultCompatibility: CompatibilityLevel = .backward
    ) throws(RegistryJournalError) {
        self.journal = journal
        api = RegistryAPI(identity: identity)
        var store = RegistryStore(defaultCompatibility: defaultCompatibility)
        try journal.prepare()
        let (records, next) = try journal.read(from: 0)
        for record in records { store.apply(record) }
        self.store = store
        nextOffset = next
        let counts = store.counts
        monitor.update { ($0.subjectCount, $0.versionCount, $0.idCount) = counts }
    }

    /// Answers one request, when what it changes is durable.
    public func answer(_ request: RegistryRequest) async -> RegistryAnswer {
        await enter()
        defer { leave() }
        let answer = await decide(request)
        monitor.update { $0.answerCounts[answer.status / 100, default: 0] += 1 }
        return answer
    }

    private func decide(_ request: RegistryRequest) async -> RegistryAnswer {
        do throws(RegistryJournalError) {
            // Somebody else may write to the topic: a restored copy, or a registry that moves here.
            try catchUp()
            let answer = api.answer(request, &store)
            guard !answer.records.isEmpty else { return answer }
            try await journal.append(answer.records)
            try catchUp()
            report(answer.records)
            return answer
        } catch {
            return RegistryAnswer(RegistryError(50001, "Error in the backend data store: \(error)"))
        }
    }

    private func report(_ records: [RegistryRecord]) {
        let registered = records.count { if case .schema(let schema) = $0 { !schema.isDeleted } else { false } }
        let counts = store.counts
        monitor.update { statistics in
            statistics.registrationCount += registered
            (statistics.subjectCount, statistics.versionCount, statistics.idCount) = counts
        }
    }

    private func catchUp() throws(RegistryJournalError) {
        let (records, next) = try journal.read(from: nextOffset)
        for record in records { store.apply(record) }
        nextOffset = next
    }

    private func enter() async {
        if isBusy { await withCheckedContinuation { waiting.append($0) } } else { isBusy = true }
    }

    /// Hands the turn to who has waited longest.
    private func leave() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }
}
