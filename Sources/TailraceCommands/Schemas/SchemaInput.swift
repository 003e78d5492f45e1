import ArgumentParser
import Avro
import Foundation
import SchemaRegistry
import SchemaStore

/// A schema from a file, as `check` and `register` take it.
struct SchemaInput: ParsableArguments {
    @Argument(help: "The subject, with its context where it has one.")
    var subject: String
    @Argument(help: "The schema's file; - for standard input.")
    var file: String
    @Option(help: "AVRO, JSON or PROTOBUF; without it the file's ending decides: .json and .proto, else Avro.")
    var type: String?
    @Option(name: .customLong("reference"), help: "name=subject:version of a schema it refers to; may be repeated.")
    var references: [String] = []
    @Flag(help: "Compare and store the schema in its normal form.")
    var normalize = false

    /// The body of the request.
    func body() throws -> JSONValue {
        let text: String
        do {
            text =
                file == "-"
                ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
                : try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            StandardError.error("the schema's file '\(file)' cannot be read")
            throw ExitStatus.usage.code
        }
        let type =
            type?.uppercased() ?? (file.hasSuffix(".proto") ? "PROTOBUF" : file.hasSuffix(".json") ? "JSON" : "AVRO")
        var body = JSONObject(["schema": .string(text), "schemaType": type == "AVRO" ? nil : .string(type)])
        let parsed = try references.map { try Self.reference($0) }
        if !parsed.isEmpty { body["references"] = .array(parsed) }
        return .object(body)
    }

    private static func reference(_ text: String) throws -> JSONValue {
        let sides = text.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, let colon = sides[1].lastIndex(of: ":"),
            let version = Int(sides[1][sides[1].index(after: colon)...])
        else { throw ValidationError("a reference is written name=subject:version, not '\(text)'") }
        return SchemaReference(name: String(sides[0]), subject: String(sides[1][..<colon]), version: version).json
    }

    var path: String { SchemaRegistryClient.escape(subject) }
}
