import Foundation
import FoundationNetworking
import Synchronization
import Telemetry
import Testing

@Suite("telemetry") struct TelemetryTests {
    @Test("metrics are rendered in Prometheus's text format")
    func page() {
        let page = MetricsPage.render([
            Metric(
                "tailrace_slot_lag_bytes", help: "WAL behind\nthe slot.", kind: .gauge,
                samples: [.init(12, labels: [("connector", "a\"b\\c\nd")]), .init(0.5), .init(.infinity)]),
            Metric("tailrace_nothing", help: "No samples.", kind: .counter, samples: []),
        ])
        #expect(
            page == #"""
                # HELP tailrace_slot_lag_bytes WAL behind\nthe slot.
                # TYPE tailrace_slot_lag_bytes gauge
                tailrace_slot_lag_bytes{connector="a\"b\\c\nd"} 12
                tailrace_slot_lag_bytes 0.5
                tailrace_slot_lag_bytes +Inf

                """#)
    }

    @Test(
        "listen addresses parse in every usual form",
        arguments: [
            ("127.0.0.1:8080", "127.0.0.1:8080"), ("[::1]:0", "[::1]:0"), (":9", "0.0.0.0:9"), ("8080", "0.0.0.0:8080"),
        ])
    func addresses(text: String, expected: String) {
        #expect(ListenAddress(text)?.description == expected)
    }

    @Test("malformed listen addresses are refused", arguments: ["", "host", "1.2.3.4:", "[::1]", "[]:1", "1:70000"])
    func malformed(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test("a failing check answers 503 with the reason, and metrics are served meanwhile")
    func endpoints() async throws {
        let (ports, announce) = AsyncStream.makeStream(of: UInt16.self)
        let server = TelemetryServer(
            address: ListenAddress(host: "127.0.0.1", port: 0),
            metrics: { [Metric("tailrace_up", help: "One.", kind: .gauge, samples: [.init(1)])] },
            liveness: { HealthReport(checks: []) },
            readiness: {
                HealthReport(checks: [.init(name: "log/disk", isPassing: false, detail: "the disk is full")])
            },
            onListening: { announce.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let port = try #require(await ports.first { _ in true })
            let (metrics, _) = try await get("metrics", port)
            #expect(metrics.contains("tailrace_up 1"))
            let (ready, readyStatus) = try await get("readyz", port)
            #expect(ready == "failing log/disk the disk is full\nfailing\n")
            #expect(readyStatus == 503)
            let (_, aliveStatus) = try await get("healthz", port)
            #expect(aliveStatus == 200)
            group.cancelAll()
        }
    }

    private func get(_ path: String, _ port: UInt16) async throws -> (String, Int) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)/\(path)"))
        let (data, response) = try await URLSession.shared.data(from: url)
        return (String(decoding: data, as: UTF8.self), (response as? HTTPURLResponse)?.statusCode ?? 0)
    }
}
