import ArgumentParser
import ChangeModel
import Foundation
import PostgresCapture

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a commented configuration for a database.",
        discussion: """
            URL is a postgresql:// URL or a string of libpq keywords; what it leaves out comes from libpq's environment.
            The database is looked at, nothing in it is changed. A password is never written: the file refers to the
            environment variable PGPASSWORD.
            """)

    @Argument(help: "The database: postgresql://user@host:port/database.")
    var url: String
    @Option(name: [.short, .long], help: "The file to write; - is standard output.")
    var output = "tailrace.yaml"
    @Flag(help: "Replace a file that exists.")
    var force = false
    @Flag(help: "Do not connect; write what the URL says.")
    var offline = false

    func run() async throws {
        let target: ConnectionTarget
        do throws(ConnectionTarget.Malformed) { target = try ConnectionTarget(url) } catch {
            StandardError.error("the database URL cannot be read: \(error.reason)")
            throw ExitStatus.usage.code
        }
        if output != "-", !force, FileManager.default.fileExists(atPath: output) {
            StandardError.error("'\(output)' exists; use --force to replace it, or --output for another file")
            throw ExitStatus.usage.code
        }
        var starter = StarterConfiguration(target: target)
        if !offline { try look(&starter) }
        let text = starter.render()
        if output == "-" {
            print(text, terminator: "")
            return
        }
        do { try text.write(toFile: output, atomically: true, encoding: .utf8) } catch {
            StandardError.error("'\(output)' cannot be written")
            throw ExitStatus.failure.code
        }
        StandardError.note("wrote \(output)")
        let export = target.hasPassword ? "export \(StarterConfiguration.passwordVariable)=…, then " : ""
        StandardError.note("next: \(export)tailrace serve -c \(output)")
    }

    private func look(_ starter: inout StarterConfiguration) throws {
        do throws(CaptureError) {
            let connection = try PostgresConnection(ConnectionSettings(url: url), for: .catalog)
            starter.serverVersion = try connection.query("SHOW server_version").text(0, 0)
            let tables = try connection.query(
                """
                SELECT n.nspname || '.' || c.relname,
                    EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
                    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
                ORDER BY 1
                """, action: "reading the list of tables")
            for row in 0..<tables.rowCount {
                guard let name = tables.text(row, 0) else { continue }
                starter.tables.append(name)
                if !tables.bool(row, 1) { starter.keylessTables.append(name) }
            }
            let level = try connection.query("SHOW wal_level").text(0, 0) ?? ""
            if level != "logical" {
                StandardError.warning(
                    "wal_level is '\(level)'; capture needs: ALTER SYSTEM SET wal_level = logical; and a restart")
            }
        } catch {
            StandardError.error("\(error) (use --offline to write a file without looking)")
            throw ExitStatus.failure.code
        }
    }
}
