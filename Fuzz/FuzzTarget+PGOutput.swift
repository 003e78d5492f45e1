import ByteCoding
import ChangeModel
import PGOutput

extension FuzzTarget {
    /// Messages of pgoutput, inside and outside of a stream of a transaction in progress.
    static let pgoutput = FuzzTarget(name: "pgoutput", corpus: messages) { input in
        for isStreamed in [false, true] {
            if RowDecoder.isRow(input.span) {
                var decoder = RowDecoder()
                guard (try? decoder.decode(input.span, isStreamed: isStreamed)) != nil else { continue }
                // Whatever the decoder accepts has to lie inside the message.
                for index in 0..<decoder.new.count { check(Int(decoder.new[index].offset), decoder.new[index].length) }
                for index in 0..<decoder.old.count { check(Int(decoder.old[index].offset), decoder.old[index].length) }
            } else {
                guard let message = try? ControlMessage.decode(input.span, isStreamed: isStreamed) else { continue }
                if case .logical(let logical) = message {
                    precondition(logical.prefix.upperBound <= input.count, "a prefix outside of its message")
                    precondition(logical.content.upperBound <= input.count, "a content outside of its message")
                }
            }
        }
        func check(_ offset: Int, _ length: Int32) {
            precondition(offset >= 0 && Int(length) <= input.count - offset, "a cell outside of its message")
        }
    }

    private static let messages: [[UInt8]] = {
        let tuple: [UInt8] = [0, 3, 0x74, 0, 0, 0, 2, 0x34, 0x32, 0x6E, 0x75]
        let lsn: [UInt8] = [0, 0, 0, 0, 0x16, 0xB3, 0x74, 0xD8]
        let time: [UInt8] = [0, 2, 0xB0, 0x5C, 0x1D, 0x3C, 0xEA, 0x40]
        let xid: [UInt8] = [0, 0, 2, 0xF1]
        let oid: [UInt8] = [0, 0, 0x40, 0x01]
        func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }
        let key = oid + [0x4B] + tuple + [0x4E] + tuple
        return [
            [0x42] + lsn + time + xid, [0x43, 0] + lsn + lsn + time, [0x4F] + lsn + text("node_a"),
            [0x52] + oid + text("public") + text("orders") + [0x64, 0, 2, 1] + text("id") + [0, 0, 0, 23]
                + [0xFF, 0xFF, 0xFF, 0xFF] + [0] + text("note") + [0, 0, 0, 25] + [0xFF, 0xFF, 0xFF, 0xFF],
            [0x59] + oid + text("public") + text("mood"), [0x49] + oid + [0x4E] + tuple, [0x55] + key,
            [0x55] + oid + [0x4E] + tuple, [0x44] + oid + [0x4F] + tuple, [0x44] + oid + [0x4B] + tuple,
            [0x54, 0, 0, 0, 2, 3] + oid + oid, [0x4D, 1] + lsn + text("audit") + [0, 0, 0, 3, 0x61, 0x62, 0x63],
            [0x53] + xid + [1], [0x45], [0x63] + xid + [0] + lsn + lsn + time, [0x41] + xid + xid,
            [0x62] + lsn + lsn + time + xid + text("gid"), [0x50, 0] + lsn + lsn + time + xid + text("gid"),
            [0x4B, 0] + lsn + lsn + time + xid + text("gid"), [0x72, 0] + lsn + lsn + time + time + xid + text("gid"),
            [0x49] + xid + oid + [0x4E] + tuple, [0x55] + xid + key,
        ]
    }()
}
