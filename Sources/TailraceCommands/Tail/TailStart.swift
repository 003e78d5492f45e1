/// Where `tail` begins to read.
enum TailStart: Equatable {
    case end, beginning
    /// A negative one counts from the end.
    case offset(Int64)
    /// Milliseconds since 1970.
    case since(Int64)
}
