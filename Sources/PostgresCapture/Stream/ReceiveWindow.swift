import Glibc

/// The narrow receive window of a connection to a server on this machine.
///
/// The walsender sends every change with a system call of its own. While our window is open, each becomes a packet that
/// goes through the whole loopback path inside that call, which takes more of the server's time than decoding the change
/// does. While our window is closed, the pieces join in the server's send queue, for no more than a copy, and leave in
/// packets of half a window once we read. So on loopback the window is small and of a fixed size, and ``GatherPolicy``
/// leaves it closed most of the time. Left to itself the kernel widens it until it never closes.
///
/// Measured with 10 changes a transaction and cubic, Linux's default congestion control, on the server: a tenth of the
/// packets, 1.8 s instead of 5.4 s of the walsender's system time per million changes, twice the changes a second. With
/// an open window cubic sends each change as a packet however we read; bbr does not always.
///
/// Over a real network the window has to cover the distance, and the kernel's choice stands.
enum ReceiveWindow {
    /// In bytes; the kernel doubles it for its own accounting. Below this a kernel before 6.1, which offers half of the
    /// memory as the window, could offer less than one of the server's packets, and then nothing moves until a timer
    /// fires.
    private static let byteCount: Int32 = 48 << 10

    /// Narrows the window of a TCP connection within this machine.
    /// - Returns: whether it is narrow now.
    static func narrow(_ socket: Int32) -> Bool {
        guard isWithinMachine(socket) else { return false }
        var size = byteCount
        guard setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            return false
        }
        // The kernel takes no more than `net.core.rmem_max`, and says so only when asked.
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, &length) == 0 && size >= 2 * byteCount
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
