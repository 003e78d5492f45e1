/// A decoder under test: good inputs to begin with, and what to do with a bad one. `run` returns for every input, or the
/// process traps, which is the finding.
struct FuzzTarget: Sendable {
    let name: String
    let corpus: [[UInt8]]
    let run: @Sendable ([UInt8]) -> Void

    static let all: [FuzzTarget] = [.pgoutput, .records, .requests, .configuration]
}
