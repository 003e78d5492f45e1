import ChangeModel
import Testing

@testable import TailraceCommands

@Suite("Records as JSON lines")
struct RecordLineTests {
    private func line(_ key: String?, _ value: [UInt8]?, _ headers: [LogRecord.Header] = []) -> String {
        var bytes: [UInt8] = []
        let record = LogRecord(
            partition: TopicPartition(topic: "a\"b", partition: 1), offset: Offset(rawValue: 7), timestamp: 123,
            key: key.map { Array($0.utf8) }, value: value, headers: headers)
        RecordLine.append(record, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("key and value keep their bytes where they are JSON")
    func exact() {
        #expect(
            line(#"{"id":1.50e+2, "a":"\u00e9é"}"#, Array("[1,-0.0]".utf8))
                == #"{"topic":"a\"b","partition":1,"offset":7,"timestamp":123,"key":{"id":1.50e+2, "a":"\u00e9é"},"value":[1,-0.0],"headers":{}}"#
                + "\n")
    }

    @Test("bytes that are not JSON are base64, no bytes are null, and a line end between tokens becomes a blank")
    func other() {
        #expect(line(nil, nil).contains(#""key":null,"value":null"#))
        #expect(line("plain", [0xFF, 0x00]).contains(#""key":"cGxhaW4=","value":"/wA=""#))
        #expect(line("{\n\"a\":1\r\n}", [0x66]).contains(#""key":{ "a":1  },"value":"Zg==""#))
    }

    @Test("headers are strings, embedded objects and arrays, base64 or null")
    func headers() {
        let text = line(
            nil, nil,
            [
                .init(name: "s", value: Array("12".utf8)), .init(name: "o", value: Array(#"{"id": 1}"#.utf8)),
                .init(name: "b", value: [0xFF]), .init(name: "n", value: nil),
            ])
        #expect(text.hasSuffix(#""headers":{"s":"12","o":{"id": 1},"b":"/w==","n":null}}"# + "\n"))
    }

    @Test(
        "only one whole JSON value counts as JSON",
        arguments: [
            ("{}", true), (" [1, 2] ", true), ("\"a\"", true), ("-0", true), ("1e5", true), ("null", true),
            ("", false), ("01", false), ("1.", false), ("{\"a\":1,}", false), ("[1 2]", false), ("nul", false),
            ("{} {}", false), ("\"a\nb\"", false), ("\"\\x\"", false), ("'a'", false), ("{a:1}", false), ("+1", false),
        ])
    func validity(text: String, isValid: Bool) {
        #expect(JSONText.isValid(Array(text.utf8)) == isValid)
        #expect((JSONNode(Array(text.utf8)) != nil) == isValid)
    }

    @Test("bytes cut anywhere, or with a bit flipped, never trap")
    func hostile() {
        let bytes = Array(#"{"a":[1,2.5e-3,"x\u00e9\n\ud83d\ude00",{"b":null,"c":true}],"d":""}"#.utf8)
        for end in 0..<bytes.count { #expect(JSONNode(Array(bytes[..<end])) == nil) }
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << UInt8(bit)
                _ = JSONNode(flipped)
            }
        }
        #expect(!JSONText.isValid(Array(String(repeating: "[", count: 100_000).utf8)))
    }

    @Test("escapes are read, surrogate pairs together")
    func escapes() {
        #expect(JSONNode(Array(#""x\u00e9\n\ud83d\ude00y\\""#.utf8)) == .string("xé\n😀y\\"))
    }
}
