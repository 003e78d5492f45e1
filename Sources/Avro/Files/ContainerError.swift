public import ByteCoding

/// Why an object container file cannot be read or written.
public enum ContainerError: Error, Equatable, Sendable {
    case notAContainer
    case schema(SchemaError)
    /// The name of the codec that the file asks for and nobody gave.
    case unknownCodec(String)
    case compression(String)
    case blockTooLarge
    /// The block does not end with the file's marker: it is damaged.
    case markerMissing
    case bytes(DecodeError)
    case value(EncodeMismatch)
}
