/// Tells a connection that the broker stops: what is under way is answered, and nothing else is begun.
struct DrainEvent: Sendable {}
