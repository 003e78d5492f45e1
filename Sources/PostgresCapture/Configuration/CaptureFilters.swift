public import ChangeModel

/// Which tables, columns and messages are captured. The predicates hold compiled expressions: they are asked once per
/// table or prefix, never per row. Columns are in ``EventConfiguration/isColumnIncluded``.
public struct CaptureFilters: Sendable {
    /// `schema.include.list`, `schema.exclude.list`, `table.include.list`, `table.exclude.list`, `table.ignore.builtin`.
    public var isTableIncluded: @Sendable (TableID) -> Bool = { !CaptureFilters.isBuiltIn($0) }
    /// `snapshot.include.collection.list`, of the captured tables.
    public var isTableInSnapshot: @Sendable (TableID) -> Bool = { _ in true }
    /// The place of the first expression of `table.include.list` that matches, which orders the snapshot; nil without
    /// such a list.
    public var tableIncludeIndex: (@Sendable (TableID) -> Int)?
    /// True when a schema or table list is set: `publication.autocreate.mode=filtered` then names tables.
    public var hasTableFilter = false
    /// `message.prefix.include.list`, `message.prefix.exclude.list`
    public var isMessagePrefixIncluded: @Sendable (String) -> Bool = { _ in true }
    /// `guardrail.collections.max`; nil (0) sets no limit.
    public var tableCountMax: Int?
    /// `guardrail.collections.limit.action`: true stops the connector, false warns.
    public var failsAboveTableCountMax = false
    public init() {}

    /// The server's own schemas.
    public static func isBuiltIn(_ table: TableID) -> Bool {
        table.schema == "pg_catalog" || table.schema == "information_schema" || table.schema.hasPrefix("pg_toast")
            || table.schema.hasPrefix("pg_temp")
    }
}
