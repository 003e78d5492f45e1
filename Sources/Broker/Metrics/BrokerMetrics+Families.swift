internal import KafkaProtocol

extension BrokerMetrics {
    /// One family of metrics at one moment, in the terms of Prometheus.
    public struct Family: Sendable {
        public enum Kind: Sendable { case counter, gauge, histogram }

        public struct Sample: Sendable {
            /// What stands behind the family's name: `_bucket`, `_sum`, `_count`, or nothing.
            public var suffix = ""
            public var value: Double
            public var labels: [(name: String, value: String)] = []
        }

        public let name: String
        public let help: String
        public let kind: Kind
        public var samples: [Sample]
    }

    /// Everything, for a metrics page.
    public var families: [Family] {
        func plain(_ name: String, _ help: String, _ kind: Family.Kind, _ value: Int) -> Family {
            Family(name: name, help: help, kind: kind, samples: [.init(value: Double(value))])
        }
        return [
            plain("tailrace_broker_connections", "Connections of Kafka clients.", .gauge, connectionCount),
            plain(
                "tailrace_broker_connections_accepted_total", "Connections that were accepted.", .counter,
                acceptedConnectionCount.value),
            plain(
                "tailrace_broker_connections_refused_total", "Connections over max.connections or its kin.", .counter,
                refusedConnectionCount.value),
            plain(
                "tailrace_broker_connections_idle_closed_total", "Connections closed by connections.max.idle.ms.",
                .counter, idleCloseCount.value),
            plain(
                "tailrace_broker_received_bytes_total", "Bytes from clients.", .counter, receivedByteCount.value),
            plain("tailrace_broker_sent_bytes_total", "Bytes to clients.", .counter, sentByteCount.value),
            plain(
                "tailrace_broker_malformed_requests_total", "Requests that could not be read.", .counter,
                malformedRequestCount.value),
            plain(
                "tailrace_broker_unsupported_requests_total", "Requests of an API or a version that is not served.",
                .counter, unsupportedRequestCount.value),
            plain(
                "tailrace_broker_memory_waits_total", "Requests that waited for queued.max.request.bytes.", .counter,
                memoryWaitCount.value),
            plain(
                "tailrace_broker_parked_fetches", "Fetches that wait for records.", .gauge,
                parkedFetchCount.value - releasedFetchCount.value),
            plain(
                "tailrace_broker_throttles_total", "Requests that a quota held back.", .counter, throttleCount.value),
            plain(
                "tailrace_broker_failed_authentications_total", "Clients whose credentials were refused.", .counter,
                failedAuthenticationCount.value),
            errorFamily, requestFamily, durationFamily,
        ]
    }

    private var errorFamily: Family {
        Family(
            name: "tailrace_broker_errors_total", help: "Errors that clients were told, by Kafka's code.",
            kind: .counter,
            samples: errorCounts.sorted { $0.key < $1.key }.map {
                .init(value: Double($0.value), labels: [("code", String($0.key))])
            })
    }

    private var requestFamily: Family {
        Family(
            name: "tailrace_broker_requests_total", help: "Requests, by API.", kind: .counter,
            samples: APIKey.allCases.compactMap { key in
                let count = requestCount(api: key.rawValue)
                return count == 0 ? nil : .init(value: Double(count), labels: [("api", "\(key)")])
            })
    }

    private var durationFamily: Family {
        var samples: [Family.Sample] = []
        for key in APIKey.allCases where requestCount(api: key.rawValue) > 0 {
            let snapshot = durations(api: key.rawValue)
            let api = (name: "api", value: "\(key)")
            for (index, count) in snapshot.cumulativeCounts.enumerated() {
                let bound = index < DurationHistogram.bounds.count ? "\(DurationHistogram.bounds[index])" : "+Inf"
                samples.append(.init(suffix: "_bucket", value: Double(count), labels: [api, ("le", bound)]))
            }
            samples.append(.init(suffix: "_sum", value: snapshot.sumSeconds, labels: [api]))
            samples.append(.init(suffix: "_count", value: Double(snapshot.cumulativeCounts.last ?? 0), labels: [api]))
        }
        return Family(
            name: "tailrace_broker_request_duration_seconds",
            help: "From a request's last byte to its answer, waiting for others and for records included.",
            kind: .histogram, samples: samples)
    }
}
