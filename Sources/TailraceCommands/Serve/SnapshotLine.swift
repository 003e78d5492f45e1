import ChangeModel
import Logging
import PostgresCapture

/// A snapshot's progress for the log.
enum SnapshotLine {
    static func metadata(_ progress: SnapshotProgress, connector: String) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "connector": "\(connector)", "rows": "\(progress.rowCount)",
            "tables": "\(progress.completedTableCount) of \(progress.tableCount)",
            "done": "\(Int(progress.fraction * 100)) %",
        ]
        if let table = progress.table { metadata["table"] = "\(table)" }
        if let remaining = progress.remaining { metadata["left"] = "\(duration(remaining))" }
        return metadata
    }

    /// `42 s`, `3 min 20 s`, `2 h 5 min`.
    static func duration(_ duration: Duration) -> String {
        let seconds = max(0, Int(duration.components.seconds))
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}
