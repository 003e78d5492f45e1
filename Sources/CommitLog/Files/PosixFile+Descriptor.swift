internal import Glibc

extension PosixFile {
    /// A descriptor of its own for the same file, for calls that take one; whoever asks closes it. nil where the process
    /// has no more of them.
    public func duplicateDescriptor() -> Int32? {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy >= 0 ? copy : nil
    }
}
