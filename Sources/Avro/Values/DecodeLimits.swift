/// How much a datum from a stranger may make of its bytes.
public struct DecodeLimits: Sendable {
    /// How deep values nest before they are refused.
    public var depthMax: Int
    /// How many values one datum may hold: an array of nulls takes no bytes an item, so the bytes do not bound it.
    public var valueCountMax: Int

    public init(depthMax: Int = 200, valueCountMax: Int = 1 << 22) {
        self.depthMax = depthMax
        self.valueCountMax = valueCountMax
    }
}
