/// What the usual value of a column needs to become Avro, without a reference: a row of usual values counts none.
struct AvroSlot: Sendable {
    /// Which cell of the tuple.
    let cell: Int
    let form: ScalarForm
    /// What a value begins with, where the column may be null.
    let branch: UInt8
    let hasBranch: Bool
    /// A null where it is one byte.
    let null: UInt8
    let hasNull: Bool
    /// Values have a writer of their own and no mask.
    let isDirect: Bool

    init(_ writer: ColumnWriter, _ column: AvroColumn, cell: Int, isNullWhenRead: Bool) {
        self.cell = cell
        form = writer.form
        branch = column.branch ?? 0
        hasBranch = column.branch != nil
        null = column.null?.first ?? 0
        hasNull = column.null?.count == 1
        isDirect = writer.mask == nil && writer.array == nil && !isNullWhenRead
    }
}
