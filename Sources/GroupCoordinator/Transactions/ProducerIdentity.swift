/// An idempotent producer as partitions know it: its id, and the epoch that fences older holders of that id.
public struct ProducerIdentity: Hashable, Sendable, CustomStringConvertible {
    /// What stands where there is no producer: both numbers are -1.
    public static let none = ProducerIdentity(id: -1, epoch: -1)

    public let id: Int64
    public let epoch: Int16

    public init(id: Int64, epoch: Int16) {
        self.id = id
        self.epoch = epoch
    }

    public var description: String { "\(id)/\(epoch)" }
}
