import Logging

/// `heartbeat.action.query`: a statement of the user's that runs with every heartbeat, so that an idle database has
/// something to confirm. A failure is told and does no harm.
struct HeartbeatAction {
    let query: String
    let logger: Logger

    /// nil when there is no query or no heartbeat.
    init?(_ settings: HeartbeatSettings, logger: Logger) {
        guard settings.interval != nil, let query = settings.actionQuery else { return nil }
        self.query = query
        self.logger = logger
    }

    func run(on connection: LazyConnection) {
        do throws(CaptureError) {
            try connection.use { connection throws(CaptureError) in
                try connection.execute(query, action: "heartbeat.action.query")
            }
        } catch {
            logger.warning("heartbeat.action.query failed", metadata: ["error": "\(error)"])
        }
    }
}
