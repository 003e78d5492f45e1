public import ByteCoding

extension GroupRecord {
    public func encodeKey() -> [UInt8] {
        var writer = RecordFieldWriter()
        switch self {
        case .offset(let group, let topic, let partition, _):
            writer.int16(1)
            writer.string(group)
            writer.string(topic)
            writer.int32(partition)
        case .classicGroup(let group, _):
            writer.int16(2)
            writer.string(group)
        case .consumerGroup(let group, _):
            writer.int16(3)
            writer.string(group)
        case .consumerMember(let group, let member, _):
            writer.int16(5)
            writer.string(group)
            writer.string(member)
        case .targetEpoch(let group, _):
            writer.int16(6)
            writer.string(group)
        case .targetAssignment(let group, let member, _):
            writer.int16(7)
            writer.string(group)
            writer.string(member)
        case .currentAssignment(let group, let member, _):
            writer.int16(8)
            writer.string(group)
            writer.string(member)
        case .regularExpression(let group, let pattern, _):
            writer.int16(16)
            writer.string(group)
            writer.string(pattern)
        }
        return writer.finish()
    }

    /// The value's bytes; nil for a tombstone.
    public func encodeValue() -> [UInt8]? {
        switch self {
        case .offset(_, _, _, let value): return value?.encode()
        case .classicGroup(_, let value): return value?.encode()
        case .consumerGroup(_, let value): return value?.encode()
        case .consumerMember(_, _, let value): return value?.encode()
        case .currentAssignment(_, _, let value): return value?.encode()
        case .regularExpression(_, _, let value): return value?.encode()
        case .targetEpoch(_, let epoch):
            guard let epoch else { return nil }
            var writer = RecordFieldWriter()
            writer.int16(0)
            writer.int32(epoch)
            writer.noTags()
            return writer.finish()
        case .targetAssignment(_, _, let assignment):
            guard let assignment else { return nil }
            var writer = RecordFieldWriter()
            writer.int16(0)
            assignment.encode(into: &writer)
            writer.noTags()
            return writer.finish()
        }
    }

    /// Reads a record; nil for one of a type that means nothing to us.
    /// - Throws: ``DecodeError`` where the bytes are not what the type promises.
    public static func decode(
        key: Span<UInt8>, value: Span<UInt8>, hasValue: Bool
    ) throws(DecodeError) -> GroupRecord? {
        var reader = RecordFieldReader(key)
        let type = try reader.int16()
        switch type {
        case 0, 1:
            return .offset(
                group: try reader.string(), topic: try reader.string(), partition: try reader.int32(),
                hasValue ? try OffsetValue(decoding: value) : nil)
        case 2:
            return .classicGroup(
                group: try reader.string(), hasValue ? try ClassicGroupValue(decoding: value) : nil)
        case 3:
            return .consumerGroup(
                group: try reader.string(), hasValue ? try ConsumerGroupValue(decoding: value) : nil)
        case 5:
            return .consumerMember(
                group: try reader.string(), member: try reader.string(),
                hasValue ? try ConsumerMemberValue(decoding: value) : nil)
        case 6:
            let group = try reader.string()
            guard hasValue else { return .targetEpoch(group: group, nil) }
            var body = RecordFieldReader(value)
            guard try body.int16() == 0 else { throw .malformed("a target epoch of an unknown version") }
            return .targetEpoch(group: group, try body.int32())
        case 7:
            let group = try reader.string()
            let member = try reader.string()
            guard hasValue else { return .targetAssignment(group: group, member: member, nil) }
            var body = RecordFieldReader(value)
            guard try body.int16() == 0 else { throw .malformed("a target assignment of an unknown version") }
            return .targetAssignment(group: group, member: member, try Assignment(decoding: &body))
        case 8:
            return .currentAssignment(
                group: try reader.string(), member: try reader.string(),
                hasValue ? try CurrentAssignmentValue(decoding: value) : nil)
        case 16:
            return .regularExpression(
                group: try reader.string(), pattern: try reader.string(),
                hasValue ? try RegularExpressionValue(decoding: value) : nil)
        default:
            return nil
        }
    }
}
