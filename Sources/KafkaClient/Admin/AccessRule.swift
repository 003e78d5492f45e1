internal import CRdkafka

/// One ACL: who may or may not do what, from where. In a filter, nil stands for any.
public struct AccessRule: Sendable, Hashable {
    public enum Resource: String, Sendable, CaseIterable {
        case topic, group, cluster
    }

    public enum Pattern: String, Sendable, CaseIterable {
        case literal, prefixed
        /// In filters: literal, prefixed and wildcard rules that apply to the name.
        case match
        /// In filters.
        case any
    }

    public enum Permission: String, Sendable, CaseIterable {
        case allow, deny
    }

    /// Kafka's operations, as kafka-acls writes them.
    public enum Operation: String, Sendable, CaseIterable {
        case all = "All"
        case read = "Read"
        case write = "Write"
        case create = "Create"
        case delete = "Delete"
        case alter = "Alter"
        case describe = "Describe"
        case clusterAction = "ClusterAction"
        case describeConfigs = "DescribeConfigs"
        case alterConfigs = "AlterConfigs"
        case idempotentWrite = "IdempotentWrite"
    }

    public var resource: Resource?
    public var name: String?
    public var pattern: Pattern
    /// Such as `User:shop`.
    public var principal: String?
    /// An address, or `*`.
    public var host: String?
    public var operation: Operation?
    public var permission: Permission?

    public init(
        resource: Resource?, name: String?, pattern: Pattern = .literal, principal: String? = nil,
        host: String? = nil, operation: Operation? = nil, permission: Permission? = nil
    ) {
        self.resource = resource
        self.name = name
        self.pattern = pattern
        self.principal = principal
        self.host = host
        self.operation = operation
        self.permission = permission
    }

    /// The name under which Kafka keeps rules for the cluster itself.
    public static let clusterName = "kafka-cluster"
}

extension AccessRule {
    private static let operations: [(Operation, rd_kafka_AclOperation_t)] = [
        (.all, RD_KAFKA_ACL_OPERATION_ALL), (.read, RD_KAFKA_ACL_OPERATION_READ),
        (.write, RD_KAFKA_ACL_OPERATION_WRITE), (.create, RD_KAFKA_ACL_OPERATION_CREATE),
        (.delete, RD_KAFKA_ACL_OPERATION_DELETE), (.alter, RD_KAFKA_ACL_OPERATION_ALTER),
        (.describe, RD_KAFKA_ACL_OPERATION_DESCRIBE), (.clusterAction, RD_KAFKA_ACL_OPERATION_CLUSTER_ACTION),
        (.describeConfigs, RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS),
        (.alterConfigs, RD_KAFKA_ACL_OPERATION_ALTER_CONFIGS),
        (.idempotentWrite, RD_KAFKA_ACL_OPERATION_IDEMPOTENT_WRITE),
    ]

    var resourceType: rd_kafka_ResourceType_t {
        switch resource {
        case .topic: RD_KAFKA_RESOURCE_TOPIC
        case .group: RD_KAFKA_RESOURCE_GROUP
        // Kafka's resource types call the cluster what librdkafka calls a broker.
        case .cluster: RD_KAFKA_RESOURCE_BROKER
        case nil: RD_KAFKA_RESOURCE_ANY
        }
    }

    var patternType: rd_kafka_ResourcePatternType_t {
        switch pattern {
        case .literal: RD_KAFKA_RESOURCE_PATTERN_LITERAL
        case .prefixed: RD_KAFKA_RESOURCE_PATTERN_PREFIXED
        case .match: RD_KAFKA_RESOURCE_PATTERN_MATCH
        case .any: RD_KAFKA_RESOURCE_PATTERN_ANY
        }
    }

    var operationType: rd_kafka_AclOperation_t {
        Self.operations.first { $0.0 == operation }?.1 ?? RD_KAFKA_ACL_OPERATION_ANY
    }

    var permissionType: rd_kafka_AclPermissionType_t {
        switch permission {
        case .allow: RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW
        case .deny: RD_KAFKA_ACL_PERMISSION_TYPE_DENY
        case nil: RD_KAFKA_ACL_PERMISSION_TYPE_ANY
        }
    }

    /// Reads a rule that the cluster told.
    init(binding: OpaquePointer) {
        let type = rd_kafka_AclBinding_restype(binding)
        let resource: Resource? =
            switch type {
            case RD_KAFKA_RESOURCE_TOPIC: .topic
            case RD_KAFKA_RESOURCE_GROUP: .group
            case RD_KAFKA_RESOURCE_BROKER: .cluster
            default: nil
            }
        let isPrefixed = rd_kafka_AclBinding_resource_pattern_type(binding) == RD_KAFKA_RESOURCE_PATTERN_PREFIXED
        let operation = rd_kafka_AclBinding_operation(binding)
        let isAllowed = rd_kafka_AclBinding_permission_type(binding) == RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW
        self.init(
            resource: resource, name: rd_kafka_AclBinding_name(binding).map { String(cString: $0) },
            pattern: isPrefixed ? .prefixed : .literal,
            principal: rd_kafka_AclBinding_principal(binding).map { String(cString: $0) },
            host: rd_kafka_AclBinding_host(binding).map { String(cString: $0) },
            operation: Self.operations.first { $0.1 == operation }?.0, permission: isAllowed ? .allow : .deny)
    }
}
