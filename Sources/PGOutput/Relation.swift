public import ChangeModel

/// A table as a Relation message introduces it; rows refer to it by ``oid``.
public struct Relation: Sendable, Equatable {
    public struct Column: Sendable, Equatable {
        /// Part of the replica identity's key.
        public var isIdentityKey: Bool
        public var name: String
        public var typeOID: UInt32
        public var typeModifier: Int32
        public init(isIdentityKey: Bool, name: String, typeOID: UInt32, typeModifier: Int32) {
            self.isIdentityKey = isIdentityKey
            self.name = name
            self.typeOID = typeOID
            self.typeModifier = typeModifier
        }
    }

    public var oid: UInt32
    public var id: TableID
    public var replicaIdentity: TableSchema.ReplicaIdentity
    public var columns: [Column]

    public init(oid: UInt32, id: TableID, replicaIdentity: TableSchema.ReplicaIdentity, columns: [Column]) {
        self.oid = oid
        self.id = id
        self.replicaIdentity = replicaIdentity
        self.columns = columns
    }
}
