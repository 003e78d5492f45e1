import ByteCoding
import ChangeModel
import Testing

@testable import DebeziumFormat

@Suite("Masks, hashes and truncation")
struct MaskTests {
    private func fixture(_ transform: ColumnTransform) -> ColumnFixture {
        ColumnFixture { $0.configuration.columnTransform = { _, _ in transform } }
    }

    @Test("a mask replaces every text, null included, and leaves other types alone")
    func mask() throws {
        let text = try fixture(.mask(characters: 4)).writer("text", isNotNull: true)
        #expect(try text?.json("secret") == "\"****\"")
        #expect(text?.nullJSON == "\"****\"")
        #expect(text?.schemaJSON == #"{"type":"string","optional":false,"parameters":{"masked":"true"}}"#)
        #expect(try fixture(.mask(characters: 4)).json("30", "int4") == "30")
        #expect(try fixture(.mask(characters: 4)).json("{}", "jsonb") == "\"{}\"")
    }

    @Test("the first hash goes over Java's serialization, the second over the text; both are cut to the column")
    func hash() throws {
        let first = fixture(.hash(algorithm: "SHA-256", salt: "CzQMA0cB5K", v2: false))
        #expect(
            try first.json("123-45-6789", "text")
                == "\"377189d9d7c7e96e2be1135d7b2de30b4060912652dafde77a1caa0352244d75\"")
        #expect(
            try first.json("日本語テキスト", "text")
                == "\"aa64f520aaeb8462ed3b5a3c7d4e569953b976e1b7472ff66a6bfbc244ee4b68\"")
        let second = fixture(.hash(algorithm: "SHA-256", salt: "CzQMA0cB5K", v2: true))
        #expect(
            try second.json("Zoë 😀 Müller-Lüdenscheidt", "varchar", modifier: 54)
                == "\"c5d2a1aa469c1df4db351e81ee43312559a99ff36fbfed77f9\"")
        #expect(
            try fixture(.hash(algorithm: "MD5", salt: "pepper", v2: true)).json("Sales Ann", "text")
                == "\"b696c062b7fb13456798b609c04ad28b\"")
        #expect(
            try fixture(.hash(algorithm: "SHA-1", salt: "s", v2: false)).json(
                "ann@example.com", "varchar", modifier: 104)
                == "\"7de834f2cc22ef1e9352f3867faf36bf7d01fc16\"")
    }

    @Test("an unknown hash algorithm is refused by its name")
    func unknownHash() throws {
        let error = #expect(throws: FormatError.self) {
            try fixture(.hash(algorithm: "ROT13", salt: "s", v2: true)).writer("text")
        }
        #expect(error?.code == .unsupportedTransform)
        #expect(error?.type == "ROT13")
    }

    @Test(
        "truncation counts UTF-16 units and cuts bytes too",
        arguments: [
            ("text", "Zoë 😀 Müller", "\"Zoë \\uD83D\\uDE00\""), ("text", "short", "\"short\""),
            ("text", "\"quoted\"", "\"\\\"quote\""), ("jsonb", "{\"abc\": 1}", "\"{\\\"abc\\\"\""),
            ("bytea", "\\x00010203040506", "\"AAECAwQF\""), ("int4", "12345678", "12345678"),
        ])
    func truncate(type: String, text: String, expected: String) throws {
        #expect(try fixture(.truncate(characters: 6)).json(text, type) == expected)
    }

    @Test("truncation marks the schemas of columns that are longer, of any type")
    func truncationParameter() throws {
        let truncated = fixture(.truncate(characters: 6))
        #expect(try truncated.schema("int4")?.contains(#""truncateLength":"6""#) == true)
        #expect(try truncated.schema("varchar", modifier: 10)?.contains("truncateLength") == false)
        #expect(try truncated.schema("numeric")?.contains("truncateLength") == false)
    }

    @Test("keys are neither masked nor truncated")
    func key() throws {
        let writer = try fixture(.truncate(characters: 1)).writer("text", isKey: true)
        #expect(try writer?.json("key") == "\"key\"")
        #expect(writer?.schemaJSON == #"{"type":"string","optional":true}"#)
    }

    @Test(
        "the digests are the standards'",
        arguments: [
            ("MD5", "900150983cd24fb0d6963f7d28e17f72"), ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("SHA-224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
            ("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "SHA-384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
            ),
            (
                "SHA-512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ])
    func digests(name: String, expected: String) throws {
        let function = try #require(HashFunction(javaName: name))
        let digest = function.hash(Array("abc".utf8))
        #expect(digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == expected)
    }
}
