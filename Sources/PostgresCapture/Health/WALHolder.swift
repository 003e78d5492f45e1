/// Something that keeps the server from removing WAL: a slot, this connector's or another.
public struct WALHolder: Sendable, Equatable {
    /// The slot's name.
    public var slotName: String
    /// How much WAL it holds back, in bytes.
    public var byteCount: Int64
    /// Whether anybody reads from it.
    public var isActive: Bool
}
