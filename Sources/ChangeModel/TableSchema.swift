/// What a table looks like at one moment: its columns as the change stream or the snapshot delivers them, with what the
/// catalog says of each.
public struct TableSchema: Equatable, Sendable {
    /// `pg_class.oid`; for a partition published through its root, the root's.
    public var oid: UInt32
    public var id: TableID
    public var columns: [Column]
    /// Positions in ``columns`` of the primary key, in key order; empty when there is none.
    public var primaryKey: [Int]
    public var replicaIdentity: ReplicaIdentity
    /// The table's comment, when comments are asked for.
    public var comment: String?
    /// Introduced by a relation message of the stream, not read from the catalogs alone: Debezium names some types
    /// differently then.
    public var isFromRelation: Bool

    public init(
        oid: UInt32, id: TableID, columns: [Column], primaryKey: [Int], replicaIdentity: ReplicaIdentity,
        comment: String? = nil, isFromRelation: Bool = false
    ) {
        self.isFromRelation = isFromRelation
        self.oid = oid
        self.id = id
        self.columns = columns
        self.primaryKey = primaryKey
        self.replicaIdentity = replicaIdentity
        self.comment = comment
    }

    /// `pg_class.relreplident`.
    public enum ReplicaIdentity: UInt8, Sendable {
        case `default` = 0x64  // d
        case nothing = 0x6E  // n
        case full = 0x66  // f
        case index = 0x69  // i
    }

    public struct Column: Equatable, Sendable {
        public var name: String
        /// `pg_attribute.attnum`, 0 when unknown.
        public var number: Int16
        public var typeOID: UInt32
        /// `pg_attribute.atttypmod`, -1 when the type has none.
        public var typeModifier: Int32
        public var isNotNull: Bool
        /// The default's expression as `pg_get_expr` prints it; nil without one.
        public var defaultExpression: String?
        /// `pg_attribute.attgenerated` is not empty: computed by the server, absent from pgoutput before 18.
        public var isGenerated: Bool
        /// `pg_attribute.attidentity` is not empty, or the default is a `nextval`.
        public var isIdentity: Bool
        /// Marked as part of the replica identity by the relation message.
        public var isIdentityKey: Bool
        public var comment: String?

        public init(
            name: String, number: Int16 = 0, typeOID: UInt32, typeModifier: Int32 = -1, isNotNull: Bool = false,
            defaultExpression: String? = nil, isGenerated: Bool = false, isIdentity: Bool = false,
            isIdentityKey: Bool = false, comment: String? = nil
        ) {
            self.name = name
            self.number = number
            self.typeOID = typeOID
            self.typeModifier = typeModifier
            self.isNotNull = isNotNull
            self.defaultExpression = defaultExpression
            self.isGenerated = isGenerated
            self.isIdentity = isIdentity
            self.isIdentityKey = isIdentityKey
            self.comment = comment
        }
    }
}
