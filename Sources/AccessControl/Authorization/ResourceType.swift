/// What an ACL protects; the raw values are the protocol's.
public enum ResourceType: Int8, Sendable, CaseIterable {
    case unknown = 0
    /// In filters alone: every type.
    case any = 1
    case topic = 2
    case group = 3
    case cluster = 4
    case transactionalID = 5
    case delegationToken = 6
    case user = 7

    /// The one name that the cluster resource has.
    public static let clusterName = "kafka-cluster"
}
