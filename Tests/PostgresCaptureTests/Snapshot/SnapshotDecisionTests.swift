import Testing

@testable import PostgresCapture

@Suite("What a connector does when it starts")
struct SnapshotDecisionTests {
    typealias Situation = SnapshotDecision.Situation
    static let new = Situation(hasOffset: false)
    static let known = Situation(hasOffset: true)
    static let unfinished = Situation(hasOffset: true, isSnapshotUnfinished: true)
    static let lost = Situation(hasOffset: true, isPositionAvailable: false)

    struct Row: Sendable, CustomTestStringConvertible {
        let mode: SnapshotSettings.Mode
        let situation: Situation
        let expected: SnapshotDecision?
        init(
            _ mode: SnapshotSettings.Mode, _ situation: Situation, _ snapshot: SnapshotDecision.Snapshot?,
            _ streams: Bool
        ) {
            self.mode = mode
            self.situation = situation
            expected = snapshot.map { SnapshotDecision(snapshot: $0, streams: streams) }
        }
        var testDescription: String { "\(mode.rawValue), \(situation)" }
    }

    static let rows: [Row] = [
        Row(.initial, new, .begin, true), Row(.initial, known, SnapshotDecision.Snapshot.none, true),
        Row(.initial, unfinished, .resume, true), Row(.initial, lost, nil, true),
        Row(.initialOnly, new, .begin, false), Row(.initialOnly, known, SnapshotDecision.Snapshot.none, false),
        Row(.initialOnly, unfinished, .resume, false),
        Row(.always, new, .begin, true), Row(.always, known, .begin, true), Row(.always, unfinished, .resume, true),
        Row(.always, lost, .begin, true),
        Row(.noData, new, SnapshotDecision.Snapshot.none, true),
        Row(.noData, known, SnapshotDecision.Snapshot.none, true), Row(.noData, lost, nil, true),
        Row(.whenNeeded, new, .begin, true), Row(.whenNeeded, known, SnapshotDecision.Snapshot.none, true),
        Row(.whenNeeded, lost, .begin, true), Row(.whenNeeded, unfinished, .resume, true),
        Row(.configurationBased, new, SnapshotDecision.Snapshot.none, false),
    ]

    @Test("each mode in each situation", arguments: rows)
    func table(row: Row) throws {
        var settings = SnapshotSettings()
        settings.mode = row.mode
        if let expected = row.expected {
            #expect(try SnapshotDecision.decide(settings, row.situation) == expected)
        } else {
            #expect(throws: CaptureError.self) { try SnapshotDecision.decide(settings, row.situation) }
        }
    }

    @Test("a configured snapshot is taken whenever the connector starts")
    func configured() throws {
        var settings = SnapshotSettings()
        settings.mode = .configurationBased
        settings.configurationBased.snapshotData = true
        settings.configurationBased.startStream = true
        #expect(
            try SnapshotDecision.decide(settings, Self.known) == SnapshotDecision(snapshot: .begin, streams: true))
    }
}
