internal import ByteCoding
internal import ChangeModel

/// A consumer group's epoch as its record holds it (type 3).
public struct ConsumerGroupValue: Sendable, Equatable {
    public var epoch: Int32
    /// A hash of the topics that the group is subscribed to, 0 when unknown: another one makes a new epoch.
    public var metadataHash: Int64

    public init(epoch: Int32, metadataHash: Int64) {
        self.epoch = epoch
        self.metadataHash = metadataHash
    }

    func encode() -> [UInt8] {
        var writer = RecordFieldWriter()
        writer.int16(0)
        writer.int32(epoch)
        var hash = RecordFieldWriter()
        hash.int64(metadataHash)
        if metadataHash == 0 { writer.noTags() } else { writer.tags([(0, hash.finish())]) }
        return writer.finish()
    }

    init(decoding bytes: Span<UInt8>) throws(DecodeError) {
        var reader = RecordFieldReader(bytes)
        guard try reader.int16() == 0 else { throw .malformed("a consumer group record of an unknown version") }
        epoch = try reader.int32()
        metadataHash = 0
        for field in try reader.tags() where field.tag == 0 {
            var hash = RecordFieldReader(field.bytes.span)
            metadataHash = try hash.int64()
        }
    }
}

/// What a member of a consumer group said of itself, as its record holds it (type 5).
public struct ConsumerMemberValue: Sendable, Equatable {
    public var instanceID: String?
    public var rackID: String?
    public var clientID: String
    public var clientHost: String
    public var topicNames: [String]
    public var topicRegex: String?
    /// Milliseconds.
    public var rebalanceTimeout: Int32
    public var serverAssignor: String?

    func encode() -> [UInt8] {
        var writer = RecordFieldWriter()
        writer.int16(0)
        writer.compactString(instanceID)
        writer.compactString(rackID)
        writer.compactString(clientID)
        writer.compactString(clientHost)
        writer.compactCount(topicNames.count)
        for name in topicNames { writer.compactString(name) }
        writer.compactString(topicRegex)
        writer.int32(rebalanceTimeout)
        writer.compactString(serverAssignor)
        writer.noTags()
        return writer.finish()
    }

    init(
        instanceID: String?, rackID: String?, clientID: String, clientHost: String, topicNames: [String],
        topicRegex: String?, rebalanceTimeout: Int32, serverAssignor: String?
    ) {
        self.instanceID = instanceID
        self.rackID = rackID
        self.clientID = clientID
        self.clientHost = clientHost
        self.topicNames = topicNames
        self.topicRegex = topicRegex
        self.rebalanceTimeout = rebalanceTimeout
        self.serverAssignor = serverAssignor
    }

    init(decoding bytes: Span<UInt8>) throws(DecodeError) {
        var reader = RecordFieldReader(bytes)
        guard try reader.int16() == 0 else { throw .malformed("a member record of an unknown version") }
        instanceID = try reader.compactNullableString()
        rackID = try reader.compactNullableString()
        clientID = try reader.compactString()
        clientHost = try reader.compactString()
        topicNames = []
        for _ in 0..<(try reader.compactCount()) { topicNames.append(try reader.compactString()) }
        topicRegex = try reader.compactNullableString()
        rebalanceTimeout = try reader.int32()
        serverAssignor = try reader.compactNullableString()
        _ = try reader.tags()
    }
}

/// Where a member of a consumer group stands, as its record holds it (type 8).
public struct CurrentAssignmentValue: Sendable, Equatable {
    public var memberEpoch: Int32
    public var previousEpoch: Int32
    public var state: MemberState
    public var assigned: Assignment
    public var pendingRevocation: Assignment

    func encode() -> [UInt8] {
        var writer = RecordFieldWriter()
        writer.int16(0)
        writer.int32(memberEpoch)
        writer.int32(previousEpoch)
        writer.int8(state.rawValue)
        assigned.encode(into: &writer)
        pendingRevocation.encode(into: &writer)
        writer.noTags()
        return writer.finish()
    }

    init(
        memberEpoch: Int32, previousEpoch: Int32, state: MemberState, assigned: Assignment,
        pendingRevocation: Assignment
    ) {
        self.memberEpoch = memberEpoch
        self.previousEpoch = previousEpoch
        self.state = state
        self.assigned = assigned
        self.pendingRevocation = pendingRevocation
    }

    init(decoding bytes: Span<UInt8>) throws(DecodeError) {
        var reader = RecordFieldReader(bytes)
        guard try reader.int16() == 0 else { throw .malformed("a current assignment of an unknown version") }
        memberEpoch = try reader.int32()
        previousEpoch = try reader.int32()
        state = MemberState(rawValue: try reader.int8()) ?? .unknown
        assigned = try Assignment(decoding: &reader)
        pendingRevocation = try Assignment(decoding: &reader)
        _ = try reader.tags()
    }
}

/// Where a member stands on the way to its target assignment.
public enum MemberState: Int8, Sendable {
    /// It has what its epoch's target gives it.
    case stable = 0
    /// It still has to give partitions up.
    case unrevokedPartitions = 1
    /// It waits for partitions that others still have.
    case unreleasedPartitions = 2
    /// Written by a newer coordinator.
    case unknown = 127
}

/// Which topics a regular expression stands for, as its record holds it (type 16).
public struct RegularExpressionValue: Sendable, Equatable {
    public var topics: [String]
    /// Of the topics at the time it was resolved: counts up.
    public var version: Int64
    /// Milliseconds since 1970.
    public var timestamp: Int64

    func encode() -> [UInt8] {
        var writer = RecordFieldWriter()
        writer.int16(0)
        writer.compactCount(topics.count)
        for topic in topics { writer.compactString(topic) }
        writer.int64(version)
        writer.int64(timestamp)
        writer.noTags()
        return writer.finish()
    }

    init(topics: [String], version: Int64, timestamp: Int64) {
        self.topics = topics
        self.version = version
        self.timestamp = timestamp
    }

    init(decoding bytes: Span<UInt8>) throws(DecodeError) {
        var reader = RecordFieldReader(bytes)
        guard try reader.int16() == 0 else { throw .malformed("a regular expression of an unknown version") }
        topics = []
        for _ in 0..<(try reader.compactCount()) { topics.append(try reader.compactString()) }
        version = try reader.int64()
        timestamp = try reader.int64()
        _ = try reader.tags()
    }
}

extension Assignment {
    func encode(into writer: inout RecordFieldWriter) {
        let topics = sorted
        writer.compactCount(topics.count)
        for (topic, partitions) in topics {
            writer.topicID(topic)
            writer.compactCount(partitions.count)
            for partition in partitions { writer.int32(partition) }
            writer.noTags()
        }
    }

    init(decoding reader: inout RecordFieldReader) throws(DecodeError) {
        self.init()
        for _ in 0..<(try reader.compactCount()) {
            let topic = try reader.topicID()
            for _ in 0..<(try reader.compactCount()) { insert(topic, try reader.int32()) }
            _ = try reader.tags()
        }
    }
}
