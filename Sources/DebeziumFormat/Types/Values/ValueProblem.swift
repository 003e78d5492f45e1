/// Why one value has no bytes; the column's writer adds the names and decides what follows.
enum ValueProblem: Error {
    /// The text breaks the rules of its type.
    case malformed
    /// Debezium cannot express the value either and leaves the field unset: NaN as a Decimal, a null in an array whose
    /// items are required.
    case inexpressible
    /// Outside of the range of the configured precision: nanoseconds reach from 1677 to 2262. The field stays unset, an
    /// array's element becomes null.
    case outOfRange
    /// Debezium reads the value as null: a `name` in the stream.
    case readAsNull
}
