/// pgoutput messages, byte by byte.
enum MessageBytes {
    static let lsn: [UInt8] = [0, 0, 0, 0x16, 0xB3, 0x74, 0xD8, 0x48]
    /// 2024-01-01 00:00:00 UTC
    static let time: [UInt8] = [0x00, 0x02, 0xB0, 0xD5, 0xD4, 0xE9, 0x40, 0x00]
    static let transaction: [UInt8] = [0, 0, 2, 0xF1]
    static let relation: [UInt8] = [0, 0, 0x40, 0x01]

    static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    /// `42`, null, unchanged, and `é`.
    static let tuple: [UInt8] = [0, 4, 0x74, 0, 0, 0, 2, 0x34, 0x32, 0x6E, 0x75, 0x74, 0, 0, 0, 2, 0xC3, 0xA9]
    static let insert: [UInt8] = [0x49] + relation + [0x4E] + tuple
    static let updateFull: [UInt8] = [0x55] + relation + [0x4F] + tuple + [0x4E] + tuple
    static let updateKey: [UInt8] = [0x55] + relation + [0x4B] + tuple + [0x4E] + tuple
    static let updatePlain: [UInt8] = [0x55] + relation + [0x4E] + tuple
    static let delete: [UInt8] = [0x44] + relation + [0x4B] + tuple
    static let rows = [insert, updateFull, updateKey, updatePlain, delete]

    static let columns: [UInt8] =
        [0, 2, 1] + text("id") + [0, 0, 0, 23, 0xFF, 0xFF, 0xFF, 0xFF, 0] + text("note")
        + [0, 0, 0x04, 0x13, 0, 0, 0, 0x0E]
    static let controls: [[UInt8]] = [
        [0x42] + lsn + time + transaction, [0x43, 0] + lsn + lsn + time, [0x4F] + lsn + text("node_a"),
        [0x52] + relation + text("") + text("orders") + [0x66] + columns,
        [0x59] + relation + text("public") + text("mood"),
        [0x54, 0, 0, 0, 2, 3] + relation + relation,
        [0x4D, 1] + lsn + text("audit") + [0, 0, 0, 3, 0x61, 0x62, 0x63],
        [0x53] + transaction + [1], [0x45], [0x63] + transaction + [0] + lsn + lsn + time,
        [0x41] + transaction + transaction, [0x62] + lsn + lsn + time + transaction + text("gid"),
        [0x50, 0] + lsn + lsn + time + transaction + text("gid"),
        [0x70, 0] + lsn + lsn + time + transaction + text("gid"),
        [0x4B, 0] + lsn + lsn + time + transaction + text("gid"),
        [0x72, 0] + lsn + lsn + time + time + transaction + text("gid"),
    ]
}
