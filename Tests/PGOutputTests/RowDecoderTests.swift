import ByteCoding
import ChangeModel
import PGOutput
import Testing

@Suite("Row messages")
struct RowDecoderTests {
    private func decode(_ bytes: [UInt8], isStreamed: Bool = false) throws -> (RowMessage, old: [Cell], new: [Cell]) {
        var decoder = RowDecoder()
        let message = try decoder.decode(bytes.span, isStreamed: isStreamed)
        return (
            message, (0..<decoder.old.count).map { decoder.old[$0] }, (0..<decoder.new.count).map { decoder.new[$0] }
        )
    }

    @Test("cells are ranges of the message, with their kinds")
    func cells() throws {
        let (message, old, new) = try decode(MessageBytes.insert)
        #expect(message.operation == .create)
        #expect(message.relationOID == 0x4001)
        #expect(message.oldTuple == .none)
        #expect(old.isEmpty)
        #expect(new.map(\.kind) == [.text, .null, .unchanged, .text])
        let text = new[3]
        #expect(Array(MessageBytes.insert[Int(text.offset)..<Int(text.offset + text.length)]) == [0xC3, 0xA9])
    }

    @Test("old tuples are told apart, and a delete has no new one")
    func oldTuples() throws {
        #expect(try decode(MessageBytes.updateFull).0.oldTuple == .full)
        #expect(try decode(MessageBytes.updateKey).0.oldTuple == .key)
        #expect(try decode(MessageBytes.updatePlain).0.oldTuple == .none)
        let (message, old, new) = try decode(MessageBytes.delete)
        #expect(message.operation == .delete)
        #expect(old.count == 4)
        #expect(new.isEmpty)
    }

    @Test("inside a stream a row names its transaction")
    func streamed() throws {
        let bytes = [MessageBytes.insert[0]] + MessageBytes.transaction + MessageBytes.insert.dropFirst()
        #expect(try decode(bytes, isStreamed: true).0.transactionID == 753)
    }

    @Test("a row cut at any byte is refused, and the decoder stays usable", arguments: MessageBytes.rows)
    func cut(_ bytes: [UInt8]) throws {
        var decoder = RowDecoder()
        for end in 0..<bytes.count {
            let part = Array(bytes[..<end])
            var isRefused = false
            do { _ = try decoder.decode(part.span, isStreamed: false) } catch { isRefused = true }
            #expect(isRefused, "cut at \(end)")
        }
        _ = try decoder.decode(bytes.span, isStreamed: false)
    }

    @Test("any flipped byte gives an error or cells inside the message", arguments: MessageBytes.rows)
    func flipped(_ bytes: [UInt8]) {
        var decoder = RowDecoder()
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                guard (try? decoder.decode(changed.span, isStreamed: false)) != nil else { continue }
                for index in 0..<decoder.new.count {
                    let cell = decoder.new[index]
                    #expect(cell.offset >= 0 && Int(cell.offset) + Int(cell.length) <= changed.count)
                }
            }
        }
    }
}
