import ChangeModel
import DebeziumFormat
import Foundation
import Testing

@Suite("Random rows")
struct RandomRowTests {
    /// A small generator of its own, so that a seed gives the same rows everywhere.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }

    private static let texts = [
        "", "plain", "qu\"ote", "back\\slash", "line\nbreak\ttab", "\u{1}\u{1f}\u{7f}", "ünï 日本 😀𝄞", "{\"a\":1}",
        "null", "-5",
    ]

    private static func value(_ generator: inout Generator) -> EncoderFixture.Value {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: .null
        case 1: .unchanged
        case 2: .absent
        default: .text(texts.randomElement(using: &generator) ?? "")
        }
    }

    @Test("whatever a row holds, its events are JSON, or it is refused and appends nothing", arguments: 0..<40)
    func rows(seed: Int) throws {
        var generator = Generator(state: UInt64(seed))
        var fixture = EncoderFixture {
            $0.transactionMetadata = true
            $0.valueFormat.schemasEnabled = seed % 2 == 0
            $0.skippedOperations = seed % 3 == 0 ? [.delete] : []
        }
        let width = Int.random(in: 1...6, using: &generator)
        let columns = (0..<width).map { "c\($0) \(Bool.random(using: &generator) ? "int" : "text")" }
        let table = try fixture.define(columns: columns, primaryKey: seed % 4 == 0 ? [] : [0])
        let position = fixture.position
        _ = try fixture.encoder.beginTransaction(id: 1, at: position, into: &fixture.sink)
        for _ in 0..<50 {
            let operation = [RowOperation.read, .create, .update, .delete].randomElement(using: &generator) ?? .create
            let hasOld = operation == .delete || (operation == .update && Bool.random(using: &generator))
            let old = hasOld ? (0..<width).map { _ in Self.value(&generator) } : []
            let new = operation == .delete ? [] : (0..<width).map { _ in Self.value(&generator) }
            fixture.sink.removeAll()
            let events = fixture.encoder.transaction?.eventCount
            do {
                let count = try fixture.encode(
                    operation, of: table, old: old,
                    oldTuple: hasOld ? (Bool.random(using: &generator) ? .key : .full) : nil,
                    new: new)
                #expect(count == fixture.sink.records.count)
            } catch is EncodeError {
                #expect(fixture.sink.records.isEmpty)
                #expect(fixture.encoder.transaction?.eventCount == events)
            }
            for record in fixture.sink.records {
                for text in [record.key, record.value].compactMap({ $0 }) {
                    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
                }
            }
        }
    }
}
