public import ByteCoding

/// A request or a response of Kafka's protocol, as its definition describes it, without frame and header.
///
/// A property whose field a version does not have keeps its default when that version is read, and is left out when that
/// version is written, whatever its value. Where a version has no null, an absent string or array is written as an empty
/// one.
public protocol KafkaMessage: Sendable, Equatable {
    static var apiKey: Int16 { get }
    /// The versions that the definition has; a broker may offer fewer.
    static var validVersions: ClosedRange<Int16> { get }
    /// The versions with compact lengths and tagged fields; nil where there is none yet.
    static var flexibleVersions: PartialRangeFrom<Int16>? { get }

    /// Every field with its default.
    init()

    /// Reads the message in one of ``validVersions``. Unknown tagged fields are skipped. What it takes of memory is
    /// bounded by a multiple of the bytes that are there, not by the counts they claim.
    /// - Throws: ``DecodeError`` when the bytes break the definition, or for another version.
    init(decoding reader: inout ByteReader, version: Int16) throws(DecodeError)

    /// Appends the message as one of ``validVersions`` has it; records must be in the message.
    func encode(into output: inout ByteBuffer, version: Int16)

    /// Appends the message, leaving out records that are elsewhere (``RecordsField/external(byteCount:)``) and adding to
    /// `splices`, in order, where each of them belongs.
    func encode(into output: inout ByteBuffer, version: Int16, splices: inout [RecordsSplice])
}

extension KafkaMessage {
    public func encode(into output: inout ByteBuffer, version: Int16, splices: inout [RecordsSplice]) {
        encode(into: &output, version: version)
    }

    public static func isFlexible(_ version: Int16) -> Bool { flexibleVersions?.contains(version) ?? false }

    static func check(_ version: Int16) throws(DecodeError) {
        guard validVersions.contains(version) else { throw .malformed("a version that the message does not have") }
    }
}
