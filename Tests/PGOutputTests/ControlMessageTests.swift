import ByteCoding
import ChangeModel
import PGOutput
import Testing

@Suite("Messages without rows")
struct ControlMessageTests {
    private let lsn = LSN(rawValue: 0x16_B374_D848)

    private func decode(_ bytes: [UInt8], isStreamed: Bool = false) throws -> ControlMessage {
        try ControlMessage.decode(bytes.span, isStreamed: isStreamed)
    }

    @Test("begin and commit carry positions and times since 1970")
    func transaction() throws {
        let micros: Int64 = 1_704_067_200_000_000
        #expect(
            try decode(MessageBytes.controls[0])
                == .begin(.init(commitLSN: lsn, timestampMicros: micros, transactionID: 753)))
        #expect(
            try decode(MessageBytes.controls[1])
                == .commit(.init(commitLSN: lsn, endLSN: lsn, timestampMicros: micros)))
    }

    @Test("a relation carries its columns; no schema name means pg_catalog")
    func relation() throws {
        let expected = Relation(
            oid: 0x4001, id: TableID(schema: "pg_catalog", table: "orders"), replicaIdentity: .full,
            columns: [
                .init(isIdentityKey: true, name: "id", typeOID: 23, typeModifier: -1),
                .init(isIdentityKey: false, name: "note", typeOID: 1043, typeModifier: 14),
            ])
        #expect(try decode(MessageBytes.controls[3]) == .relation(expected, transactionID: 0))
        let streamed = [0x52] + MessageBytes.transaction + MessageBytes.controls[3].dropFirst()
        #expect(try decode(streamed, isStreamed: true) == .relation(expected, transactionID: 753))
    }

    @Test("truncate, logical messages and origins")
    func others() throws {
        #expect(
            try decode(MessageBytes.controls[5])
                == .truncate(
                    .init(
                        relationOIDs: [0x4001, 0x4001], cascades: true, restartsIdentity: true, transactionID: 0)))
        #expect(
            try decode(MessageBytes.controls[6])
                == .logical(
                    .init(isTransactional: true, lsn: lsn, prefix: 10..<15, content: 20..<23, transactionID: 0)))
        #expect(try decode(MessageBytes.controls[2]) == .origin(lsn: lsn, name: "node_a"))
    }

    @Test("a message cut at any byte is refused", arguments: MessageBytes.controls)
    func cut(_ bytes: [UInt8]) {
        for end in 0..<bytes.count {
            let part = Array(bytes[..<end])
            #expect(throws: DecodeError.self, "cut at \(end)") { try decode(part) }
        }
    }

    @Test("any flipped byte gives an error or a value", arguments: MessageBytes.controls)
    func flipped(_ bytes: [UInt8]) {
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                for isStreamed in [false, true] { _ = try? decode(changed, isStreamed: isStreamed) }
            }
        }
    }
}
