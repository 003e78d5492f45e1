import KafkaProtocol
import Testing

@Suite("Kafka's key hash")
struct Murmur2Tests {
    @Test(
        "hashes equal those of Kafka's Java client",
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
        ] as [(String, Int32)])
    func hash(text: String, expected: Int32) {
        let bytes = Array(text.utf8)
        let hash = Int32(bitPattern: Murmur2.hash(bytes.span))
        #expect(hash == expected)
    }

    @Test("a partition is within the topic, for keys of any length")
    func range() {
        for length in 0..<64 {
            let key = [UInt8](repeating: UInt8(length), count: length)
            for count in [1, 2, 7, 1000] as [Int32] {
                let partition = Murmur2.partition(forKey: key.span, partitionCount: count)
                #expect((0..<count).contains(partition))
            }
        }
    }
}
