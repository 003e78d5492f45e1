/// How the server's WAL stands with regard to its slots.
public struct WALHealth: Sendable, Equatable {
    /// Who holds WAL back, the one that holds most first.
    public var holders: [WALHolder] = []
    /// The end of the server's WAL when this was sampled.
    public var endLSN: UInt64 = 0
    /// How fast WAL is written, in bytes a second, between the last two samples; nil before the second.
    public var bytesPerSecond: Double?
    /// How long until the connector's slot is in danger at this pace; nil without a limit (`max_slot_wal_keep_size`),
    /// or while nothing is written.
    public var secondsUntilDanger: Double?

    /// Takes a new sample in.
    /// - Parameters:
    ///   - elapsed: since the sample before.
    ///   - safeByteCount: `safe_wal_size` of the connector's slot.
    mutating func update(holders: [WALHolder], endLSN: UInt64, elapsed: Duration, safeByteCount: Int64?) {
        let (seconds, attoseconds) = elapsed.components
        let time = Double(seconds) + Double(attoseconds) / 1e18
        if self.endLSN > 0, endLSN >= self.endLSN, time > 0 {
            bytesPerSecond = Double(endLSN - self.endLSN) / time
        }
        self.holders = holders
        self.endLSN = endLSN
        secondsUntilDanger = nil
        if let safeByteCount, let bytesPerSecond, bytesPerSecond > 0 {
            secondsUntilDanger = max(0, Double(safeByteCount) / bytesPerSecond)
        }
    }
}
