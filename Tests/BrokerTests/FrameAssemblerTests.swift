import ByteCoding
import Testing

@testable import Broker

@Suite("frames")
struct FrameAssemblerTests {
    private static func frame(_ body: [UInt8]) -> [UInt8] {
        var bytes = ByteBuffer()
        bytes.append(bigEndian: Int32(body.count))
        bytes.append(body)
        return bytes.array()
    }

    /// Feeds `bytes` in pieces of `size` and gives the frames that came out.
    private func assemble(_ bytes: [UInt8], inPiecesOf size: Int) throws -> [[UInt8]] {
        var assembler = FrameAssembler(byteCountMax: 1024)
        var frames: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            let end = min(bytes.count, at + size)
            var from = at
            while from < end {
                from += try assembler.consume(bytes.span.extracting(from..<end))
                if case .announced = assembler.state { assembler.begin() }
                if assembler.state == .complete { frames.append(assembler.take().array()) }
            }
            at = end
        }
        return frames
    }

    @Test("frames come out whole however their bytes are cut", arguments: 1...40)
    func anyPieces(size: Int) throws {
        let bodies: [[UInt8]] = [Array(1...8), Array(repeating: 7, count: 300), Array(50...60)]
        #expect(try assemble(bodies.flatMap(Self.frame), inPiecesOf: size) == bodies)
    }

    @Test("a size that no request can have is refused before anything is kept", arguments: [-1, 0, 7, Int32.min])
    func wrongSize(size: Int32) {
        var bytes = ByteBuffer()
        bytes.append(bigEndian: size)
        let copy = bytes.array()
        #expect(throws: FrameError.invalidSize(size)) { try assemble(copy, inPiecesOf: 4) }
    }

    @Test("a size above the limit is refused before anything is kept")
    func tooLarge() {
        var bytes = ByteBuffer()
        bytes.append(bigEndian: Int32(1025))
        let copy = bytes.array()
        #expect(throws: FrameError.tooLarge(1025)) { try assemble(copy, inPiecesOf: 4) }
    }
}
