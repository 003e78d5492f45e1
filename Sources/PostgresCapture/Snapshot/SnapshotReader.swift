import ByteCoding
import CLibpq
import ChangeModel

/// One connection's part in a snapshot: takes jobs in order and fills blocks with their rows.
struct SnapshotReader {
    let settings: ConnectionSettings
    let interrupt: Interrupt
    /// The exported snapshot that all readers share.
    let snapshotName: String
    let jobs: [SnapshotJob]
    let pipe: SnapshotPipe

    /// Reads until no job is left. A failure ends the pipe for everybody.
    func run() {
        do throws(CaptureError) {
            let connection = try PostgresConnection(settings, for: .data, interrupt: interrupt)
            try SnapshotTransaction.begin(connection, importing: snapshotName)
            var checked: Set<UInt32> = []
            while let index = try pipe.takeJob() {
                try read(index, connection)
                if let storage = jobs[index].storage, checked.insert(storage).inserted {
                    try checkFile(of: storage, for: jobs[index], connection)
                }
                pipe.finish(job: index)
            }
            try connection.execute("COMMIT", action: "ending the snapshot")
        } catch {
            pipe.fail(error)
        }
    }

    private func read(_ index: Int, _ connection: PostgresConnection) throws(CaptureError) {
        let job = jobs[index]
        let isIdentity = job.isIdentity
        var block = pipe.makeBlock()
        try connection.copyOut("COPY (\(job.select)) TO STDOUT", action: "reading table '\(job.name)'") {
            (row) throws(CaptureError) in
            try block.append(row, columns: job.columns, readCount: job.readCount, isIdentity: isIdentity)
            if block.isFull {
                try pipe.push(block, job: index)
                block = pipe.makeBlock()
            }
        }
        if block.rowCount > 0 { try pipe.push(block, job: index) } else { pipe.recycle(block) }
    }

    /// The COPY holds a lock until the transaction ends, so that from here on the table cannot be rewritten; a rewrite
    /// between the snapshot and the lock would have hidden its rows from us.
    private func checkFile(
        of storage: UInt32, for job: SnapshotJob, _ connection: PostgresConnection
    ) throws(CaptureError) {
        let result = try connection.query(
            "SELECT pg_catalog.pg_relation_filenode($1::pg_catalog.oid)", [String(storage)],
            action: "checking table '\(job.name)'")
        guard result.integer(0, 0, as: UInt32.self) != job.fileNode else { return }
        throw CaptureError(
            code: .queryFailed, detail: "table '\(job.name)' was rewritten while the snapshot began; it is read again",
            remedy: "snapshot.locking.mode=shared keeps tables from being rewritten during a snapshot",
            sqlState: "40001")
    }
}

extension PostgresConnection {
    /// The names of a SELECT's columns.
    func columnNames(of statement: String, action: String) throws(CaptureError) -> [String] {
        try query("SELECT * FROM (\(statement)) AS t LIMIT 0", action: action).columnNames
    }
}
