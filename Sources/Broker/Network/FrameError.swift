/// Why a connection's bytes are not Kafka's frames.
enum FrameError: Error, Equatable {
    /// The size is negative or too small for a request's header.
    case invalidSize(Int32)
    /// The size is above `socket.request.max.bytes`.
    case tooLarge(Int32)
}
