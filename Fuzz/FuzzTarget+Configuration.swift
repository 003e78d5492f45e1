import PostgresCapture

extension FuzzTarget {
    /// A connector's properties, in Java's notation.
    static let configuration = FuzzTarget(name: "configuration", corpus: files) { input in
        let properties = JavaProperties.parse(String(decoding: input, as: UTF8.self))
        guard let error = failure(of: properties) else { return }
        precondition(!error.problems.isEmpty, "a refusal without a reason")
        let isSecret = properties.allSatisfy { $0.key == "database.password" || !"\($0)".contains("s3cr3t") }
        precondition(!isSecret || !error.description.contains("s3cr3t"), "a secret in an error")
    }

    private static func failure(of properties: [String: String]) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try CaptureConfiguration.parse(properties: properties, version: "1.0.0", runID: "none")
            return nil
        } catch { return error }
    }

    private static let files: [[UInt8]] = [
        """
        connector.class=io.debezium.connector.postgresql.PostgresConnector
        database.hostname=localhost
        database.port=5432
        database.user=debezium
        database.password=s3cr3t
        database.dbname=inventory
        topic.prefix=shop
        table.include.list=public\\.(orders|items)_[0-9]+,sales\\..*
        column.mask.hash.SHA-256.with.salt.CzQMA0cB5K=public.people.email
        message.key.columns=public.orders:id,customer;(.*).items:order_id
        snapshot.mode=initial
        """,
        """
        connector.class = io.debezium.connector.postgresql.PostgresConnector
        ! a comment
        database.hostname : 10.0.0.1
        database.user u
        topic.prefix\\u0041=x
        slot.name=golden
        publication.autocreate.mode=filtered
        heartbeat.interval.ms=400
        heartbeat.action.query=INSERT INTO beats VALUES (1) \\
            ON CONFLICT DO NOTHING
        column.truncate.to.6.chars=public.t.v
        snapshot.select.statement.overrides=public.a,public.b
        snapshot.select.statement.overrides.public.a=SELECT 1
        decimal.handling.mode=double
        skipped.operations=c,t
        """,
    ].map { Array($0.utf8) }
}
