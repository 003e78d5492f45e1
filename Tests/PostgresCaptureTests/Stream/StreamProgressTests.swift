import ChangeModel
import PGOutput
import Testing

@testable import PostgresCapture

@Suite("How far a change stream has come")
struct StreamProgressTests {
    /// Positions of the messages of one transaction; the rows of a COPY share one.
    private let messages: [UInt64] = [10, 20, 20, 20, 30]

    private func begin(_ commitLSN: UInt64) -> ControlMessage.Begin {
        ControlMessage.Begin(commitLSN: LSN(rawValue: commitLSN), timestampMicros: 0, transactionID: 7)
    }

    /// The numbers of the messages that pass.
    private func passing(_ progress: inout StreamProgress, _ numbers: Range<Int>) -> [Int] {
        numbers.filter { progress.passes(LSN(rawValue: messages[$0])) }
    }

    @Test("a stream that stops after any message goes on with the next", arguments: 0...5)
    func resumed(stop: Int) {
        var state = CaptureState()
        var first = StreamProgress()
        _ = first.begin(begin(40), resuming: &state)
        let before = passing(&first, 0..<stop)
        #expect(before == Array(0..<stop))
        state.open = first.open(metadata: nil)

        var second = StreamProgress()
        _ = second.begin(begin(40), resuming: &state)
        let after = passing(&second, 0..<5)
        #expect(after == Array(stop..<5))
        let end = second.end()
        #expect(end?.isDone == false)
    }

    @Test("a stream that stops again before anything new has come keeps what was done")
    func resumedTwice() {
        var state = CaptureState()
        var first = StreamProgress()
        _ = first.begin(begin(40), resuming: &state)
        _ = passing(&first, 0..<3)
        state.open = first.open(metadata: nil)

        var second = StreamProgress()
        _ = second.begin(begin(40), resuming: &state)
        let passed = passing(&second, 0..<2)
        #expect(passed.isEmpty)
        #expect(second.open(metadata: nil) == state.open)
    }

    @Test("a transaction that is in the log passes nothing, and has nothing to tell a restart")
    func done() {
        var state = CaptureState()
        state.processedLSN = LSN(rawValue: 41)
        var progress = StreamProgress()
        guard case .done = progress.begin(begin(40), resuming: &state) else {
            Issue.record("the transaction should be done")
            return
        }
        let passed = passing(&progress, 0..<5)
        #expect(passed.isEmpty)
        #expect(progress.open(metadata: nil) == nil)
        let end = progress.end()
        #expect(end?.isDone == true)
        #expect(progress.transaction == nil)
    }

    @Test("another transaction than the open one forgets it")
    func other() {
        var state = CaptureState()
        state.open = CaptureState.OpenTransaction(
            commitLSN: LSN(rawValue: 40), lastLSN: LSN(rawValue: 20), countAtLastLSN: 2)
        var progress = StreamProgress()
        _ = progress.begin(begin(90), resuming: &state)
        #expect(state.open == nil)
        let passed = passing(&progress, 0..<5)
        #expect(passed == Array(0..<5))
    }
}
