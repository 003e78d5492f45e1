/// How an ACL's resource name is meant; the raw values are the protocol's.
public enum PatternType: Int8, Sendable, CaseIterable {
    case unknown = 0
    /// In filters alone: every pattern.
    case any = 1
    /// In filters alone: every ACL that applies to a resource of the filter's name.
    case match = 2
    case literal = 3
    case prefixed = 4
}
