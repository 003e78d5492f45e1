/// How a file is opened.
public enum OpenMode: Sendable {
    /// The file must exist.
    case read
    /// The file must exist.
    case readWrite
    /// The file is created where it does not exist, and keeps its content where it does.
    case create
}
