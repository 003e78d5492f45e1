/// Whether an ACL allows or denies; the raw values are the protocol's.
public enum AccessPermission: Int8, Sendable, CaseIterable {
    case unknown = 0
    /// In filters alone: both.
    case any = 1
    case deny = 2
    case allow = 3
}
