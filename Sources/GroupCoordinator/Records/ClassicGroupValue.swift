internal import ByteCoding

/// A classic group's generation as its record holds it: written when the generation's assignment is known, and when the
/// group becomes empty.
public struct ClassicGroupValue: Sendable, Equatable {
    public var protocolType: String
    public var generation: Int32
    public var protocolName: String?
    public var leader: String?
    /// Milliseconds since 1970 at which the group came into its state, -1 when unknown.
    public var stateTimestamp: Int64
    public var members: [Member]

    public struct Member: Sendable, Equatable {
        public var id: String
        public var instanceID: String?
        public var clientID: String
        public var clientHost: String
        /// Milliseconds.
        public var rebalanceTimeout: Int32
        /// Milliseconds.
        public var sessionTimeout: Int32
        public var subscription: [UInt8]
        public var assignment: [UInt8]

        public init(
            id: String, instanceID: String?, clientID: String, clientHost: String, rebalanceTimeout: Int32,
            sessionTimeout: Int32, subscription: [UInt8], assignment: [UInt8]
        ) {
            self.id = id
            self.instanceID = instanceID
            self.clientID = clientID
            self.clientHost = clientHost
            self.rebalanceTimeout = rebalanceTimeout
            self.sessionTimeout = sessionTimeout
            self.subscription = subscription
            self.assignment = assignment
        }
    }

    public init(
        protocolType: String, generation: Int32, protocolName: String?, leader: String?, stateTimestamp: Int64,
        members: [Member]
    ) {
        self.protocolType = protocolType
        self.generation = generation
        self.protocolName = protocolName
        self.leader = leader
        self.stateTimestamp = stateTimestamp
        self.members = members
    }

    /// Version 3, Kafka's newest fixed-length one, which every offset tool reads.
    func encode() -> [UInt8] {
        var writer = RecordFieldWriter()
        writer.int16(3)
        writer.string(protocolType)
        writer.int32(generation)
        writer.nullableString(protocolName)
        writer.nullableString(leader)
        writer.int64(stateTimestamp)
        writer.int32(Int32(members.count))
        for member in members {
            writer.string(member.id)
            writer.nullableString(member.instanceID)
            writer.string(member.clientID)
            writer.string(member.clientHost)
            writer.int32(member.rebalanceTimeout)
            writer.int32(member.sessionTimeout)
            writer.bytes(member.subscription)
            writer.bytes(member.assignment)
        }
        return writer.finish()
    }

    init(decoding bytes: Span<UInt8>) throws(DecodeError) {
        var reader = RecordFieldReader(bytes)
        let version = try reader.int16()
        guard (0...4).contains(version) else { throw .malformed("a group record of an unknown version") }
        let isFlexible = version >= 4
        protocolType = isFlexible ? try reader.compactString() : try reader.string()
        generation = try reader.int32()
        protocolName = isFlexible ? try reader.compactNullableString() : try reader.nullableString()
        leader = isFlexible ? try reader.compactNullableString() : try reader.nullableString()
        stateTimestamp = version >= 2 ? try reader.int64() : -1
        members = []
        for _ in 0..<(isFlexible ? try reader.compactCount() : try reader.count()) {
            let id = isFlexible ? try reader.compactString() : try reader.string()
            var instanceID: String?
            if version >= 3 {
                instanceID = isFlexible ? try reader.compactNullableString() : try reader.nullableString()
            }
            let clientID = isFlexible ? try reader.compactString() : try reader.string()
            let clientHost = isFlexible ? try reader.compactString() : try reader.string()
            let rebalanceTimeout = version >= 1 ? try reader.int32() : -1
            let sessionTimeout = try reader.int32()
            let subscription = isFlexible ? try reader.compactBytes() : try reader.bytes()
            let assignment = isFlexible ? try reader.compactBytes() : try reader.bytes()
            if isFlexible { _ = try reader.tags() }
            members.append(
                Member(
                    id: id, instanceID: instanceID, clientID: clientID, clientHost: clientHost,
                    rebalanceTimeout: rebalanceTimeout < 0 ? sessionTimeout : rebalanceTimeout,
                    sessionTimeout: sessionTimeout, subscription: subscription, assignment: assignment))
        }
    }
}
