import ChangeModel
import DebeziumFormat
import PostgresCapture
import Testing

@Suite("The source's state")
struct CaptureStateTests {
    @Test("what is written is read back, other parts' members included")
    func roundTrip() throws {
        var state = CaptureState()
        state.lsn = LSN(rawValue: 10)
        state.processedLSN = LSN(rawValue: UInt64.max - 1)
        state.commitLSN = LSN(rawValue: 9)
        state.transactionID = 7
        state.timestampMicros = 1_700_000_000_000_001
        state.isSnapshotCompleted = true
        state.systemIdentifier = "7"
        state.timeline = 3
        state.preparedLSN = LSN(rawValue: 8)
        state.open = CaptureState.OpenTransaction(
            commitLSN: LSN(rawValue: 20), lastLSN: LSN(rawValue: 15), countAtLastLSN: 4,
            metadata: TransactionState(
                transactionID: 7, eventCount: 12,
                tables: [.init(name: "b.\"quoted\"", eventCount: 2), .init(name: "a.t", eventCount: 10)]))
        state.extensions = ["mine": #"{"a":[1,2],"b":"é"}"#]
        #expect(try CaptureState(decoding: state.encoded()) == state)
    }

    @Test("Debezium's own offsets are understood")
    func debezium() throws {
        let offset = #"{"lsn_proc":100,"messageType":"INSERT","lsn_commit":90,"lsn":100,"txId":5,"ts_usec":6}"#
        let state = try CaptureState(decoding: Array(offset.utf8))
        #expect(state.processedLSN == LSN(rawValue: 100))
        #expect(state.commitLSN == LSN(rawValue: 90))
        #expect(state.isSnapshotCompleted)
    }

    @Test(
        "what is not a state is refused",
        arguments: ["", "[]", "{", #"{"tailrace":{"version":2}}"#, #"{"tailrace":{"version":1,"open":{"commit":1}}}"#])
    func refused(_ text: String) {
        #expect(throws: CaptureError.self) { try CaptureState(decoding: Array(text.utf8)) }
    }
}
