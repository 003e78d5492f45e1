import Glibc

/// The receive window of a connection to a server on this machine.
///
/// The walsender sends every change with a system call of its own, and while the kernel resizes our window as we read,
/// each becomes a packet that goes through the whole loopback path inside that call. With a buffer of a fixed size they
/// gather in the server's send queue: measured, the walsender then spends half the system time. Half of that size and
/// less did not help with Linux's bbr, and neither did a small window kept closed for milliseconds at a time: the
/// counting reader of the benchmark gains by it, the whole pipeline lost half its speed.
///
/// Over a real network the window has to cover the distance, and the kernel's choice stands.
enum ReceiveWindow {
    /// In bytes.
    private static let byteCount: Int32 = 512 << 10

    /// Fixes the window of a TCP connection within this machine, where the system allows the size.
    /// - Returns: whether it is fixed now.
    @discardableResult
    static func fix(_ socket: Int32) -> Bool {
        guard isWithinMachine(socket), byteCountMax() >= Int(byteCount) else { return false }
        var size = byteCount
        return setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) == 0
    }

    /// The largest receive buffer that a program may ask for (`net.core.rmem_max`); 0 where the system does not say.
    static func byteCountMax() -> Int {
        guard let file = fopen("/proc/sys/net/core/rmem_max", "re") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard fgets(&line, 32, file) != nil else { return 0 }
        return atol(line)
    }

    /// Both ends of a connection over the loopback device have the same address, or one of 127.0.0.0/8.
    private static func isWithinMachine(_ socket: Int32) -> Bool {
        guard let peer = address(of: socket, getpeername) else { return false }
        return peer.isLoopback || peer == address(of: socket, getsockname)
    }

    private enum Address: Equatable {
        case v4(UInt32)
        case v6([UInt8])

        var isLoopback: Bool {
            if case .v4(let number) = self { return number >> 24 == 127 }
            return false
        }
    }

    private static func address(
        of socket: Int32, _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> Address? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // SAFETY: the storage is large and aligned enough for every family's address, and the family says which it is.
        return withUnsafeMutablePointer(to: &storage) { pointer in
            let raw = UnsafeMutableRawPointer(pointer)
            guard name(socket, raw.assumingMemoryBound(to: sockaddr.self), &length) == 0 else { return nil }
            switch Int32(pointer.pointee.ss_family) {
            case AF_INET: return .v4(UInt32(bigEndian: raw.load(as: sockaddr_in.self).sin_addr.s_addr))
            case AF_INET6:
                return .v6(withUnsafeBytes(of: raw.load(as: sockaddr_in6.self).sin6_addr) { Array($0) })
            default: return nil
            }
        }
    }
}
