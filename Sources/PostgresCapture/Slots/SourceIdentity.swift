import ChangeModel

/// Which cluster and which of its histories a server is, as a replication connection tells.
struct SourceIdentity: Sendable, Equatable {
    var systemIdentifier: String
    var timeline: UInt32
    /// The end of the server's WAL.
    var endLSN: LSN
    /// Where each earlier timeline ended: the server follows timeline `timeline` up to `endLSN`.
    var history: [(timeline: UInt32, endLSN: LSN)] = []

    static func == (a: Self, b: Self) -> Bool {
        a.systemIdentifier == b.systemIdentifier && a.timeline == b.timeline && a.endLSN == b.endLSN
            && a.history.elementsEqual(b.history, by: ==)
    }

    /// Asks a replication connection.
    static func identify(_ connection: PostgresConnection) throws(CaptureError) -> SourceIdentity {
        let result = try connection.query("IDENTIFY_SYSTEM", action: "identifying the server")
        guard let system = result.text(0, 0), let timeline = result.integer(0, 1, as: UInt32.self),
            let end = result.text(0, 2).flatMap({ LSN($0) })
        else { throw CaptureError(code: .protocolViolation, detail: "the server does not say which one it is") }
        return SourceIdentity(systemIdentifier: system, timeline: timeline, endLSN: end)
    }

    /// Asks for the history that ``check(_:)`` needs when the timeline has changed.
    mutating func readHistory(_ connection: PostgresConnection) throws(CaptureError) {
        guard timeline > 1 else { return }
        let result = try connection.query("TIMELINE_HISTORY \(timeline)", action: "reading the timeline's history")
        history = Self.parse(result.text(0, 1) ?? "")
    }

    /// Lines of `timeline TAB switch point TAB reason`; `#` begins a comment.
    static func parse(_ file: String) -> [(timeline: UInt32, endLSN: LSN)] {
        var entries: [(timeline: UInt32, endLSN: LSN)] = []
        for line in file.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let fields = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
            guard fields.count >= 2, let timeline = UInt32(fields[0]), let end = LSN(fields[1]) else { continue }
            entries.append((timeline, end))
        }
        return entries
    }

    /// Refuses a position that is not of this server's history: going on from it would skip or invent changes.
    /// - Throws: `sourceChanged`.
    func check(_ state: CaptureState) throws(CaptureError) {
        func changed(_ what: String) -> CaptureError {
            CaptureError(
                code: .sourceChanged, detail: what,
                remedy: """
                    If the server is the right one, begin anew with a snapshot: snapshot.mode=when_needed does so by \
                    itself
                    """)
        }
        if let stored = state.systemIdentifier, stored != systemIdentifier {
            throw changed("the server is of system \(systemIdentifier), the stored position of system \(stored)")
        }
        guard let position = state.processedLSN else { return }
        if let stored = state.timeline, stored != timeline {
            guard stored < timeline, let entry = history.first(where: { $0.timeline == stored }) else {
                throw changed("the server is on timeline \(timeline), whose history has no timeline \(stored)")
            }
            guard position <= entry.endLSN else {
                throw changed(
                    """
                    the server left timeline \(stored) at \(entry.endLSN), before the stored position \(position): it \
                    lacks changes that were captured
                    """)
            }
        } else if position > endLSN {
            throw changed("the server's WAL ends at \(endLSN), before the stored position \(position)")
        }
    }
}
