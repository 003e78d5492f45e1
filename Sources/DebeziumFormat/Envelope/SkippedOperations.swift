internal import ChangeModel

/// `skipped.operations` as bits, so that a row asks no set.
struct SkippedOperations: Sendable {
    private var bits: UInt8 = 0

    init(_ operations: Set<RowOperation>) { for operation in operations { bits |= Self.bit(operation) } }

    func contains(_ operation: RowOperation) -> Bool { bits & Self.bit(operation) != 0 }

    private static func bit(_ operation: RowOperation) -> UInt8 {
        switch operation {
        case .read: 0  // Debezium's snapshots ignore the setting.
        case .create: 1
        case .update: 2
        case .delete: 4
        case .truncate: 8
        case .message: 0  // Messages are filtered by their prefix alone.
        }
    }
}
