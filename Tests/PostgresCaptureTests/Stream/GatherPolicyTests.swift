import Glibc
import Testing

@testable import PostgresCapture

@Suite("How reads of a change stream are spaced")
struct GatherPolicyTests {
    @Test("a busy stream waits the short pause, and one on which little comes is read as soon as something does")
    func pause() {
        #expect(GatherPolicy.pause(after: .zero) == GatherPolicy.pause)
        #expect(GatherPolicy.pause(after: GatherPolicy.busyInterval) == nil)
        #expect(GatherPolicy.pause(after: .milliseconds(10)) == nil)
    }

    @Test("only a TCP connection within this machine gets a window of a fixed size")
    func fixed() throws {
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { for end in pair { close(end) } }
        #expect(!ReceiveWindow.fix(pair[0]))

        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { for end in [listener, client] { close(end) } }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &address) { bytes in
            let name = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            #expect(bind(listener, name, length) == 0)
            #expect(listen(listener, 1) == 0)
            #expect(getsockname(listener, name, &length) == 0)
            #expect(!ReceiveWindow.fix(client), "it has no peer yet")
            #expect(connect(client, name, length) == 0)
        }
        #expect(ReceiveWindow.fix(client) == (ReceiveWindow.byteCountMax() >= 512 << 10))
    }
}
