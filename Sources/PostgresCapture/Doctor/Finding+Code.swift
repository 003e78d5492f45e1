extension Finding {
    /// The code of the error that the connector would stop with; nil for what is no failure, and for failures to
    /// connect, whose text begins with the code.
    public var code: CaptureError.Code? {
        guard severity == .failure else { return nil }
        return switch check {
        case "version": .unsupportedServer
        case "wal-level", "rds": .walLevel
        case "wal-senders", "replication-slots": .limitReached
        case "role", "table-privileges": .insufficientPrivilege
        case "publication": .publicationMissing
        case "slot": .slotMismatch
        case "connection", "replication-connection": nil
        default: .invalidConfiguration
        }
    }
}
