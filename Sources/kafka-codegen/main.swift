import Foundation

// kafka-codegen [--check]
//
// Run at the top of the repository. Reads Kafka's message definitions (Sources/kafka-codegen/Messages) and writes one
// Swift file for each API key to Sources/KafkaProtocol/Messages, or with --check only tells whether the files are what it
// would write.

let source = URL(fileURLWithPath: "Sources/kafka-codegen/Messages")
let target = URL(fileURLWithPath: "Sources/KafkaProtocol/Messages")
let isCheck = CommandLine.arguments.dropFirst().contains("--check")

do {
    let names = try FileManager.default.contentsOfDirectory(atPath: source.path).filter { $0.hasSuffix(".json") }
    guard !names.isEmpty else { throw CodegenError("no definitions in \(source.path)") }
    var definitions: [Definition] = []
    for name in names.sorted() {
        let text = try String(contentsOf: source.appendingPathComponent(name), encoding: .utf8)
        definitions.append(try Definition.read(text))
    }
    let files = try GeneratedFiles.all(from: definitions)
    let present = try FileManager.default.contentsOfDirectory(atPath: target.path)
    let stale = present.filter { files[$0] == nil }
    var changed: [String] = []
    for (name, text) in files.sorted(by: { $0.key < $1.key }) {
        let url = target.appendingPathComponent(name)
        if (try? String(contentsOf: url, encoding: .utf8)) == text { continue }
        changed.append(name)
        if !isCheck { try text.write(to: url, atomically: true, encoding: .utf8) }
    }
    if !isCheck { for name in stale { try FileManager.default.removeItem(at: target.appendingPathComponent(name)) } }
    if isCheck, !(changed + stale).isEmpty {
        throw CodegenError(
            "not what kafka-codegen writes: \((changed + stale).joined(separator: ", ")); run 'swift run kafka-codegen'"
        )
    }
    print("kafka-codegen: \(files.count) files, \(isCheck ? 0 : changed.count) changed")
} catch {
    print("kafka-codegen: error: \(error)")
    exit(1)
}
