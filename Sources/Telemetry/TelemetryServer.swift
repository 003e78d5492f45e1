import FlyingFox
import FlyingSocks
import Foundation
public import ServiceLifecycle

/// Serves `/metrics`, `/healthz` and `/readyz` over HTTP until it is shut down.
///
/// `/healthz` says whether the process should be restarted, `/readyz` whether it does its work now (200 or 503, with a
/// line for each check). The closures are called once a request, on any thread.
public struct TelemetryServer: Service {
    private let address: ListenAddress
    private let metrics: @Sendable () async -> [Metric]
    private let liveness: @Sendable () async -> HealthReport
    private let readiness: @Sendable () async -> HealthReport
    private let onListening: @Sendable (_ port: UInt16) -> Void

    /// - Parameter onListening: called once with the port in use, which is a free one when `address` asks for port 0.
    public init(
        address: ListenAddress, metrics: @escaping @Sendable () async -> [Metric],
        liveness: @escaping @Sendable () async -> HealthReport, readiness: @escaping @Sendable () async -> HealthReport,
        onListening: @escaping @Sendable (_ port: UInt16) -> Void
    ) {
        self.address = address
        self.metrics = metrics
        self.liveness = liveness
        self.readiness = readiness
        self.onListening = onListening
    }

    /// - Throws: ``TelemetryError`` when the address cannot be listened on.
    public func run() async throws {
        let server = HTTPServer(config: try configuration())
        let (metrics, liveness, readiness) = (metrics, liveness, readiness)
        await server.appendRoute("GET /metrics") { _ in
            Self.response(MetricsPage.render(await metrics()), type: MetricsPage.contentType, status: .ok)
        }
        await server.appendRoute("GET /healthz") { _ in Self.response(await liveness()) }
        await server.appendRoute("GET /readyz") { _ in Self.response(await readiness()) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [address] in
                do {
                    try await server.run()
                } catch is CancellationError {
                    return
                } catch {
                    throw TelemetryError(address: address, reason: "\(error)")
                }
            }
            group.addTask { [onListening] in
                try await server.waitUntilListening()
                switch await server.listeningAddress {
                case .ip4(_, let port), .ip6(_, let port): onListening(port)
                case .unix, nil: break
                }
            }
            group.addTask {
                try? await gracefulShutdown()
                await server.stop(timeout: 1)
            }
            // The server ends when it fails, is stopped or is cancelled; the others end before it.
            _ = try await group.next()
            while try await group.next() != nil {}
        }
    }

    private func configuration() throws(TelemetryError) -> HTTPServer.Configuration {
        do {
            if address.host.contains(":") {
                return .init(address: try sockaddr_in6.inet6(ip6: address.host, port: address.port), logger: .disabled)
            }
            return .init(address: try sockaddr_in.inet(ip4: address.host, port: address.port), logger: .disabled)
        } catch {
            throw TelemetryError(address: address, reason: "the host is not a numeric IPv4 or IPv6 address")
        }
    }

    private static func response(_ report: HealthReport) -> HTTPResponse {
        response(report.text, type: "text/plain; charset=utf-8", status: report.isPassing ? .ok : .serviceUnavailable)
    }

    private static func response(_ text: String, type: String, status: HTTPStatusCode) -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: [.contentType: type], body: Data(text.utf8))
    }
}
