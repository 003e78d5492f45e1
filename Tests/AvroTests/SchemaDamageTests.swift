import Avro
import TailraceTesting
import Testing

@Suite("Schemas from strangers")
struct SchemaDamageTests {
    @Test("a text with flipped, cut and doubled bytes is a schema or an error, never a trap")
    func damage() throws {
        for seed in 0..<200 {
            var sample = SampleData(SeededGenerator(seed: UInt64(seed)))
            let text = Array(sample.schema().utf8)
            for _ in 0..<40 {
                var damaged = text
                let place = Int.random(in: 0..<damaged.count, using: &sample.random)
                switch Int.random(in: 0..<4, using: &sample.random) {
                case 0: damaged[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &sample.random))
                case 1: damaged.removeSubrange(place..<damaged.count)
                case 2: damaged.insert(contentsOf: text[place...], at: place)
                default: damaged.remove(at: place)
                }
                guard let schema = try? AvroSchema(parsing: String(decoding: damaged, as: UTF8.self)) else { continue }
                // What was accepted is stored, and must be accepted again as stored.
                let again = try AvroSchema(parsing: schema.description)
                #expect(again.description == schema.description)
                #expect(try AvroSchema(parsing: schema.canonicalForm).rabinFingerprint == schema.rabinFingerprint)
                _ = schema.normalized().description
                _ = AvroCompatibility.incompatibilities(reader: schema, writer: again)
            }
        }
    }

    @Test("a text that nests without end is refused")
    func depth() {
        for opening in ["[", #"{"type":"array","items":"#, #"{"type":"#] {
            let text = String(repeating: opening, count: 20_000)
            #expect(throws: SchemaError.self) { try AvroSchema(parsing: text) }
        }
    }
}
