/// Whether a listing has what was soft-deleted.
public enum DeletionFilter: Sendable {
    case active, all, deletedOnly

    /// From the parameters `deleted` and `deletedOnly` of the API.
    public init(deleted: Bool, deletedOnly: Bool = false) {
        self = deletedOnly ? .deletedOnly : deleted ? .all : .active
    }

    func includes(_ isDeleted: Bool) -> Bool {
        switch self {
        case .active: !isDeleted
        case .all: true
        case .deletedOnly: isDeleted
        }
    }
}
