import Foundation
import Glibc
import Synchronization

/// Stands between a client and a server on loopback and cuts connections at random bytes.
///
/// Any thread may use it. Ends with its last reference, and its connections with it.
public final class CuttingProxy: Sendable {
    public let port: Int
    private let shared: Shared

    /// How many connections were cut.
    public var cutCount: Int { shared.state.withLock { $0.cutCount } }

    /// From now on connections last, those that are open included.
    public func stopCutting() { shared.state.withLock { $0.isCutting = false } }

    /// - Parameter target: the port that connections go on to.
    /// - Throws: ``FixtureError`` when no port can be listened on.
    public init(target: Int, seed: UInt64) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isListening else { throw FixtureError("no proxy port: \(String(cString: strerror(errno)))") }
        port = Int(UInt16(bigEndian: address.sin_port))
        shared = Shared(listener: descriptor, target: target, seed: seed)
        let thread = Thread { [shared] in shared.accept() }
        thread.name = "proxy"
        thread.start()
    }

    deinit { shared.end() }

    static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// What the threads hold, so that they do not hold the proxy itself.
    private final class Shared: Sendable {
        struct State {
            var generator: SeededGenerator
            var isCutting = true
            var cutCount = 0
            var open: Set<Int32> = []
        }

        let state: Mutex<State>
        private let listener: Int32
        private let target: Int

        init(listener: Int32, target: Int, seed: UInt64) {
            self.listener = listener
            self.target = target
            state = Mutex(State(generator: SeededGenerator(seed: seed)))
        }

        func end() {
            shutdown(listener, Int32(SHUT_RDWR))
            state.withLock { for descriptor in $0.open { shutdown(descriptor, Int32(SHUT_RDWR)) } }
        }

        func accept() {
            while true {
                let client = Glibc.accept(listener, nil, nil)
                guard client >= 0 else { break }
                let server = connectToTarget()
                guard server >= 0 else {
                    close(client)
                    continue
                }
                for descriptor in [client, server] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
                // Half of the connections end early, in the handshake or the first answers; the others in mid-stream.
                let budget = state.withLock { state in
                    state.open.formUnion([client, server])
                    return Bool.random(using: &state.generator)
                        ? Int.random(in: 1...4_000, using: &state.generator)
                        : Int.random(in: 4_000...400_000, using: &state.generator)
                }
                Thread { [self] in
                    let upstream = Thread { [self] in copy(from: client, to: server, budget: .max) }
                    upstream.start()
                    copy(from: server, to: client, budget: budget)
                    while !upstream.isFinished { usleep(1_000) }
                    state.withLock { $0.open.subtract([client, server]) }
                    close(client)
                    close(server)
                }.start()
            }
            close(listener)
        }

        private func connectToTarget() -> Int32 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = CuttingProxy.loopback(port: target)
            let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isConnected { return descriptor }
            close(descriptor)
            return -1
        }

        /// Copies until either end closes, or `budget` bytes have passed while connections are cut.
        private func copy(from source: Int32, to destination: Int32, budget: Int) {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            var passed = 0
            copying: while true {
                let count = read(source, &buffer, buffer.count)
                guard count > 0 else { break }
                var allowed = count
                if budget != .max, state.withLock({ $0.isCutting }) { allowed = min(count, budget - passed) }
                var sent = 0
                while sent < allowed {
                    let written = buffer.withUnsafeBytes { bytes in
                        send(
                            destination, bytes.baseAddress.map { $0 + sent }, allowed - sent,
                            Int32(MSG_NOSIGNAL))
                    }
                    guard written > 0 else { break copying }
                    sent += written
                }
                passed += sent
                if allowed < count || passed >= budget {
                    // A connection that outlived the cutting goes on.
                    guard state.withLock({ $0.isCutting }) else { continue }
                    state.withLock { $0.cutCount += 1 }
                    break
                }
            }
            shutdown(source, Int32(SHUT_RDWR))
            shutdown(destination, Int32(SHUT_RDWR))
        }
    }
}
