/// What somebody may do to a resource; the raw values are the protocol's.
public enum AccessOperation: Int8, Sendable, CaseIterable {
    case unknown = 0
    /// In filters alone: every operation.
    case any = 1
    case all = 2
    case read = 3
    case write = 4
    case create = 5
    case delete = 6
    case alter = 7
    case describe = 8
    case clusterAction = 9
    case describeConfigs = 10
    case alterConfigs = 11
    case idempotentWrite = 12
    case createTokens = 13
    case describeTokens = 14
    case twoPhaseCommit = 15

    /// What an allowing rule for `self` allows besides.
    func implies(_ operation: AccessOperation) -> Bool {
        switch operation {
        case .describe: self == .read || self == .write || self == .delete || self == .alter
        case .describeConfigs: self == .alterConfigs
        default: false
        }
    }

    /// The operations that make sense for a type of resource, as `authorizedOperations` fields list them.
    public static func operations(on type: ResourceType) -> [AccessOperation] {
        switch type {
        case .topic: [.read, .write, .create, .describe, .delete, .alter, .describeConfigs, .alterConfigs]
        case .group: [.read, .describe, .delete, .describeConfigs, .alterConfigs]
        case .cluster:
            [
                .create, .clusterAction, .describeConfigs, .alterConfigs, .idempotentWrite, .alter, .describe,
            ]
        case .transactionalID: [.describe, .write, .twoPhaseCommit]
        case .delegationToken: [.describe]
        case .user: [.createTokens, .describeTokens]
        case .unknown, .any: []
        }
    }
}
