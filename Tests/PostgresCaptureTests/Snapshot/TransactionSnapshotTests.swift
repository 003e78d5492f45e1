import Testing

@testable import PostgresCapture

@Suite("What a snapshot sees")
struct TransactionSnapshotTests {
    @Test("the server's text form is read and written back", arguments: ["10:10:", "10:20:10,14,15", "7:9:8"])
    func roundTrip(text: String) throws {
        #expect(try #require(TransactionSnapshot(text)).description == text)
    }

    @Test("malformed text is refused", arguments: ["", "1:2", "2:1:", "1:2:a", "1:2:,", "x:2:", "1:2:3:4"])
    func malformed(text: String) { #expect(TransactionSnapshot(text) == nil) }

    @Test("visible is what ended before, and nothing else")
    func visibility() throws {
        let snapshot = try #require(TransactionSnapshot("10:20:12,15"))
        let visible = (5..<25).filter { snapshot.sees(UInt64($0)) }
        #expect(visible == [5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 17, 18, 19])
    }

    @Test("the row condition needs no list and no range when nothing happened since")
    func emptyCondition() throws {
        let snapshot = try #require(TransactionSnapshot("10:10:"))
        #expect(snapshot.rowCondition(under: snapshot) == "TRUE")
    }
}
