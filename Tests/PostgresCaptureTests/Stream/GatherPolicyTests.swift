import Glibc
import Testing

@testable import PostgresCapture

@Suite("How reads of a change stream are spaced")
struct GatherPolicyTests {
    @Test(
        "a stream that keeps up never waits longer than the short pause, whatever its window",
        arguments: [true, false], [0, 100, 4800])
    func short(isWindowNarrow: Bool, lagMicros: Int) {
        let policy = GatherPolicy(isWindowNarrow: isWindowNarrow)
        #expect(policy.pause(after: .zero, lag: .microseconds(lagMicros)) == GatherPolicy.pause)
    }

    @Test("a stream on which little comes is read as soon as something does")
    func quiet() {
        for isWindowNarrow in [true, false] {
            let policy = GatherPolicy(isWindowNarrow: isWindowNarrow)
            #expect(policy.pause(after: .milliseconds(10), lag: .zero) == nil)
            #expect(policy.pause(after: GatherPolicy.cycles.upperBound, lag: .seconds(100)) == nil)
        }
    }

    @Test("a narrow window stays closed for a sixteenth of the lag, up to the longest cycle, less what has passed")
    func long() {
        let policy = GatherPolicy(isWindowNarrow: true)
        #expect(policy.pause(after: .zero, lag: .milliseconds(32)) == .milliseconds(2))
        #expect(policy.pause(after: .milliseconds(1), lag: .milliseconds(32)) == .milliseconds(1))
        #expect(policy.pause(after: .zero, lag: .seconds(3600)) == policy.cycle)
        #expect(policy.pause(after: policy.cycle, lag: .seconds(3600)) == nil)
    }

    @Test("cycles become longer while they bring little and shorter while they bring much, within their bounds")
    func cycles() {
        var policy = GatherPolicy(isWindowNarrow: true)
        let first = policy.cycle
        policy.noteRead(GatherPolicy.byteCounts.lowerBound)
        policy.noteRead(GatherPolicy.byteCounts.upperBound)
        #expect(policy.cycle == first)
        policy.noteRead(1)
        #expect(policy.cycle > first)
        for _ in 0..<100 { policy.noteRead(1) }
        #expect(policy.cycle == GatherPolicy.cycles.upperBound)
        for _ in 0..<100 { policy.noteRead(1 << 20) }
        #expect(policy.cycle == GatherPolicy.cycles.lowerBound)
    }

    @Test("a window that the kernel sizes is not kept closed, however far behind the stream is")
    func wide() {
        let policy = GatherPolicy(isWindowNarrow: false)
        #expect(policy.pause(after: .zero, lag: .seconds(3600)) == GatherPolicy.pause)
        #expect(policy.pause(after: GatherPolicy.busyInterval, lag: .seconds(3600)) == nil)
    }

    @Test("only a TCP connection within this machine gets a narrow window")
    func narrow() throws {
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { for end in pair { close(end) } }
        #expect(!ReceiveWindow.narrow(pair[0]))

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
            #expect(!ReceiveWindow.narrow(client), "it has no peer yet")
            #expect(connect(client, name, length) == 0)
        }
        #expect(ReceiveWindow.narrow(client))
    }
}
