import Avro
import ByteCoding
import Testing

@Suite("What Avro for Java says")
struct JavaTableTests {
    private static let entries: [JSONValue] = {
        let path = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        guard let lines = try? TextFile.lines("/\(path)/Table/avro.jsonl") else { return [] }
        return lines.compactMap { try? JSONValue(parsing: $0) }
    }()

    @Test("a schema's stored text, normalised text, canonical form and fingerprint equal Java's, and so do refusals")
    func texts() throws {
        let entries = Self.entries.filter { $0["op"] == "text" }
        #expect(entries.count > 45)
        for entry in entries {
            let text = try #require(entry["schema"]?.text)
            do throws(SchemaError) {
                let schema = try AvroSchema(parsing: text)
                #expect(entry["canonical"]?.text == schema.description, "\(text)")
                // Java's normalised text loses an empty namespace inside another one, and with it the type's name.
                if !text.contains(#""namespace":"""#) {
                    #expect(entry["normalized"]?.text == schema.normalized().description, "\(text)")
                }
                #expect(entry["parsing"]?.text == schema.canonicalForm, "\(text)")
                #expect(entry["rabin"]?.text == String(schema.rabinFingerprint), "\(text)")
            } catch {
                #expect(entry["error"] != nil, "\(text) was refused: \(error)")
            }
        }
    }

    @Test("the refusals that a user meets are worded as Java words them")
    func refusals() throws {
        for text in [
            #"{"type":"record","name":"R"}"#, #""Nope""#, #"{"type":"nope"}"#, #"["int","int"]"#,
            #"{"type":"enum","name":"E","symbols":["1"]}"#, #"{"type":"fixed","name":"F"}"#,
            #"{"type":"record","name":"R","fields":[{"name":"a-b","type":"int"}]}"#,
            #"{"type":"record","name":"R","fields":[{"name":"u","type":"int","default":"x"}]}"#,
        ] {
            let entry = try #require(Self.entries.first { $0["schema"]?.text == text })
            let error = #expect(throws: SchemaError.self) { try AvroSchema(parsing: text) }
            #expect(error?.description == entry["error"]?.text)
        }
    }

    @Test("over a thousand pairs of schemas get Java's verdict, with its findings, paths and messages")
    func pairs() throws {
        let entries = Self.entries.filter { $0["op"] == "pair" }
        #expect(entries.count > 1000)
        for entry in entries {
            let reader = try AvroSchema(parsing: try #require(entry["reader"]?.text))
            let writer = try AvroSchema(parsing: try #require(entry["writer"]?.text))
            let expected = entry["findings"]?.array?.map {
                "\($0["type"]?.text ?? "") \($0["path"]?.text ?? "") \($0["message"]?.text ?? "")"
            }
            let found = AvroCompatibility.incompatibilities(reader: reader, writer: writer)
            #expect(found.map { "\($0.kind.rawValue) \($0.path) \($0.message)" } == expected, "\(reader) of \(writer)")
        }
    }

    @Test("adding the default that is suggested makes the pair compatible")
    func remedies() throws {
        let writer = try AvroSchema(parsing: #"{"type":"record","name":"R","fields":[]}"#)
        for type in [
            #""string""#, #""int""#, #"["null","string"]"#, #"{"type":"array","items":"int"}"#,
            #"{"type":"map","values":"int"}"#, #"{"type":"enum","name":"E","symbols":["A"]}"#, #"["int","null"]"#,
            #"{"type":"fixed","name":"F","size":2}"#,
            #"{"type":"record","name":"S","fields":[{"name":"x","type":"double"},{"name":"y","type":"bytes"}]}"#,
        ] {
            func reader(_ more: String) -> String {
                #"{"type":"record","name":"R","fields":[{"name":"a","type":\#(type)\#(more)}]}"#
            }
            let incomplete = try AvroSchema(parsing: reader(""))
            let finding = try #require(
                AvroCompatibility.incompatibilities(reader: incomplete, writer: writer).first)
            let remedy = try #require(incomplete.remedy(for: finding))
            let suggested = remedy[try #require(remedy.firstRange(of: #""default""#)).lowerBound...]
            let repaired = try AvroSchema(parsing: reader("," + suggested))
            #expect(AvroCompatibility.incompatibilities(reader: repaired, writer: writer).isEmpty)
        }
    }
}
