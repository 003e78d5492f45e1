import Avro

/// Makes random schemas and values of them.
struct SampleData<Generator: RandomNumberGenerator> {
    var random: Generator
    private var nameCount = 0

    init(_ random: Generator) { self.random = random }

    mutating func schema(depth: Int = 3) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 14 : 8), using: &random) {
        case 0: return #""null""#
        case 1: return #""boolean""#
        case 2: return #""int""#
        case 3: return #""long""#
        case 4: return #""float""#
        case 5: return #""double""#
        case 6: return #""bytes""#
        case 7: return #""string""#
        case 8: return #"{"type":"array","items":\#(schema(depth: depth - 1))}"#
        case 9: return #"{"type":"map","values":\#(schema(depth: depth - 1))}"#
        case 10: return #"{"type":"enum","name":"\#(name())","symbols":["A","B","C"]}"#
        case 11: return #"{"type":"fixed","name":"\#(name())","size":\#(Int.random(in: 0...5, using: &random))}"#
        case 12: return #"["null","long",{"type":"array","items":\#(schema(depth: depth - 1))}]"#
        default:
            let name = name()
            let fields = (0..<Int.random(in: 0...4, using: &random)).map {
                #"{"name":"f\#($0)","type":\#(schema(depth: depth - 1))}"#
            }
            let itself = #"{"name":"next","type":["null","\#(name)"]}"#
            return #"{"type":"record","name":"\#(name)","fields":[\#((fields + [itself]).joined(separator: ","))]}"#
        }
    }

    private mutating func name() -> String {
        nameCount += 1
        return "N\(nameCount)"
    }

    mutating func value(_ schema: AvroSchema, _ index: Int? = nil, depth: Int = 8) -> AvroValue {
        switch schema[index ?? schema.root].kind {
        case .null: return .null
        case .boolean: return .boolean(Bool.random(using: &random))
        case .int: return .int(Int32(truncatingIfNeeded: random.next() >> UInt64.random(in: 0..<64, using: &random)))
        case .long: return .long(Int64(truncatingIfNeeded: random.next() >> UInt64.random(in: 0..<64, using: &random)))
        case .float: return .float(Float(Int.random(in: -1000...1000, using: &random)) / 8)
        case .double: return .double(Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 64)
        case .bytes: return .bytes(bytes(Int.random(in: 0...20, using: &random)))
        case .string: return .string(String((0..<Int.random(in: 0...9, using: &random)).map { _ in letter() }))
        case .fixed(let size): return .fixed(bytes(size))
        case .enumeration(let symbols, _): return .enumeration(Int.random(in: 0..<symbols.count, using: &random))
        case .array(let item):
            return .array((0..<count(depth)).map { _ in value(schema, item, depth: depth - 1) })
        case .map(let item):
            return .map((0..<count(depth)).map { .init(key: "k\($0)", value: value(schema, item, depth: depth - 1)) })
        case .union(let branches):
            let branch = depth > 0 ? Int.random(in: 0..<branches.count, using: &random) : 0
            return .union(branch: branch, value(schema, branches[branch], depth: depth - 1))
        case .record(let fields, _): return .record(fields.map { value(schema, $0.type, depth: depth - 1) })
        }
    }

    private mutating func count(_ depth: Int) -> Int { depth > 0 ? Int.random(in: 0...3, using: &random) : 0 }
    private mutating func letter() -> Character { ["a", "ß", "字", "😀", "\n"].randomElement(using: &random) ?? "a" }
    private mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
