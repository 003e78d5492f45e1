internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import Foundation
internal import KafkaProtocol
internal import Logging
internal import Synchronization

/// Who may connect and do what, as handlers ask it. Any thread.
///
/// What administrators change is a record of `__tailrace_access` first and counts when the log has it; at start the
/// topic is read again.
final class AccessController: Sendable {
    let settings: AccessSettings
    let tokens: TokenValidator?
    private let log: CommitLog<PosixFileSystem>
    private let state: Mutex<AccessState>
    private let meters = Mutex(QuotaMeters())

    /// Reads what is set. Blocks.
    /// - Throws: ``BrokerError`` naming the setting, or the topic that cannot be read.
    init(configuration: BrokerConfiguration, log: CommitLog<PosixFileSystem>, logger: Logger) throws(BrokerError) {
        self.log = log
        settings = try AccessSettings(configuration)
        tokens = settings.tokenValidator(logger: logger)
        var state = AccessState(
            authorizer: Authorizer(superUsers: settings.superUsers, allowsWithoutRules: settings.allowsWithoutRules),
            credentials: settings.credentials)
        do {
            try InternalTopic.forEachRecord(of: AccessRecord.topic, in: log) { _, key, value in
                if let record = AccessRecord.decode(key: key, value: value) { state.apply(record) }
            }
        } catch {
            throw BrokerError("the internal topic '\(AccessRecord.topic)' cannot be read: \(error)")
        }
        self.state = Mutex(state)
    }

    /// The rules, users and quotas in force.
    func current<Result>(_ body: (borrowing AccessState) -> Result) -> Result { state.withLock { body($0) } }

    var credentials: CredentialStore { state.withLock { $0.credentials } }

    /// Whether the principal may do this. Everybody may do everything where authorization is off.
    func allows(
        _ principal: Principal, from host: String, to operation: AccessOperation, _ type: ResourceType, _ name: String
    ) -> Bool {
        guard settings.isAuthorizing else { return true }
        return state.withLock { $0.authorizer.allows(principal, from: host, to: operation, type, name) }
    }

    /// Whether nothing is closed to the principal.
    func isUnlimited(_ principal: Principal) -> Bool {
        !settings.isAuthorizing || settings.superUsers.contains(principal)
    }

    /// Whether there may be any resource of the type that the principal may do this to.
    func allowsAny(
        _ principal: Principal, from host: String, to operation: AccessOperation, _ type: ResourceType
    ) -> Bool {
        guard settings.isAuthorizing else { return true }
        return state.withLock { $0.authorizer.allowsAny(principal, from: host, to: operation, type) }
    }

    /// The bits of an `authorizedOperations` field.
    func allowedOperations(_ principal: Principal, from host: String, on type: ResourceType, _ name: String) -> Int32 {
        guard settings.isAuthorizing else {
            return AccessOperation.operations(on: type).reduce(0) { $0 | 1 << Int32($1.rawValue) }
        }
        return state.withLock { $0.authorizer.allowedOperations(principal, from: host, on: type, name) }
    }

    /// Counts bytes against the client's quota.
    /// - Returns: how many milliseconds it is to pause.
    func record(_ byteCount: Int, of kind: QuotaKind, user: String, clientID: String) -> Int32 {
        let quotas = state.withLock { $0.quotas }
        guard !quotas.quotas.isEmpty else { return 0 }
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        return meters.withLock {
            $0.record(byteCount, of: kind, user: user, clientID: clientID, quotas: quotas, now: now)
        }
    }

    /// Makes changes durable, all or none, and then lets them count. Blocks while the topic has to be created.
    /// - Parameter completion: called once, on the log's thread when the topic was there.
    func change(_ records: [AccessRecord], completion: @escaping @Sendable (StorageError?) -> Void) {
        do throws(StorageError) {
            try ensureTopic()
        } catch {
            return completion(error)
        }
        let request = InternalTopic.request(
            TopicPartition(topic: AccessRecord.topic, partition: 0), records.map { $0.encode() })
        request.completion = { result in
            switch result {
            case .success:
                self.state.withLock { state in
                    for record in records { state.apply(record) }
                }
                completion(nil)
            case .failure(let error):
                completion(error)
            }
        }
        log.enqueue(request)
    }

    private func ensureTopic() throws(StorageError) {
        guard log.topic(AccessRecord.topic) == nil else { return }
        do throws(StorageError) {
            try log.createTopic(AccessRecord.topic, partitionCount: 1, settings: ["cleanup.policy": "compact"])
        } catch {
            // Another change may have been faster.
            guard error.code == .topicExists else { throw error }
        }
    }
}
