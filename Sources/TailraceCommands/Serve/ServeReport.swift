import Broker
import ChangeModel
import Foundation
import Glibc
import PostgresCapture
import SchemaRegistry
import Telemetry

/// What the connectors and the disk say at one moment, as metrics and as health.
struct ServeReport: Sendable {
    let connectors: [(name: String, monitor: CaptureMonitor)]
    let dataDirectory: String
    var broker: BrokerMetrics?
    var registry: RegistryMonitor?

    // MARK: Health

    func readiness() -> HealthReport {
        var checks = connectors.map { name, monitor in Self.check(name, monitor.current) }
        let isFull = connectors.contains { Self.isDiskFull($0.monitor.current) }
        checks.append(
            .init(
                name: "log/disk", isPassing: !isFull,
                detail: isFull
                    ? "the disk of '\(dataDirectory)' is full; appends resume when there is room" : "writable"))
        return HealthReport(checks: checks)
    }

    private static func check(_ name: String, _ status: CaptureStatus) -> HealthReport.Check {
        var detail = status.phase.rawValue
        switch status.phase {
        case .retrying, .failed:
            if let error = status.lastError { detail += ": \(error)" }
            return .init(name: "connector/\(name)", isPassing: false, detail: detail)
        case .starting: return .init(name: "connector/\(name)", isPassing: false, detail: detail)
        case .snapshot, .streaming, .stopped:
            if let slot = status.slot, slot.walStatus == .unreserved || slot.isInvalidated {
                let reason = slot.invalidationReason ?? slot.walStatus?.rawValue ?? "invalid"
                return .init(
                    name: "connector/\(name)", isPassing: false, detail: "\(detail): slot '\(slot.name)' is \(reason)")
            }
            return .init(name: "connector/\(name)", isPassing: true, detail: detail)
        }
    }

    private static func isDiskFull(_ status: CaptureStatus) -> Bool {
        guard status.phase == .retrying || status.phase == .failed, let error = status.lastError else { return false }
        return error.code == .log && error.description.contains("TR-LOG-DISK-FULL")
    }

    // MARK: Metrics

    func metrics() -> [Metric] {
        let statuses = connectors.map { (name: $0.name, status: $0.monitor.current) }
        var metrics = [
            Metric(
                "tailrace_build_info", help: "Always 1; the label tells the version.", kind: .gauge,
                samples: [.init(1, labels: [("version", Version.current)])])
        ]
        func family(
            _ name: String, _ help: String, _ kind: Metric.Kind, _ value: (CaptureStatus) -> Double?
        ) {
            let samples = statuses.compactMap { entry in
                value(entry.status).map { Metric.Sample($0, labels: [("connector", entry.name)]) }
            }
            metrics.append(Metric(name, help: help, kind: kind, samples: samples))
        }
        family("tailrace_capture_rows_total", "Row changes that the server sent.", .counter) {
            Double($0.streamedRowCount)
        }
        family("tailrace_capture_durable_rows_total", "Row changes that the log holds durably.", .counter) {
            Double($0.durableRowCount)
        }
        family("tailrace_capture_transactions_total", "Transactions that the server sent.", .counter) {
            Double($0.transactionCount)
        }
        family("tailrace_capture_received_bytes_total", "Bytes of the change stream.", .counter) {
            Double($0.receivedByteCount)
        }
        family("tailrace_capture_reconnects_total", "Failures after which the connector tried again.", .counter) {
            Double($0.reconnectCount)
        }
        family("tailrace_capture_lag_seconds", "Age of the newest change that is not durable yet.", .gauge) {
            $0.lagSeconds
        }
        family("tailrace_capture_last_commit_timestamp_seconds", "When the newest transaction was committed.", .gauge) {
            $0.lastCommitMicros.map { Double($0) / 1_000_000 }
        }
        family("tailrace_snapshot_rows", "Rows read by the snapshot under way.", .gauge) {
            $0.snapshotRowCount.map { Double($0) }
        }
        family("tailrace_snapshot_progress_ratio", "How much of the snapshot under way is done, 0 to 1.", .gauge) {
            $0.snapshot?.fraction
        }
        family("tailrace_log_durable_records_total", "Records that the log holds durably.", .counter) {
            Double($0.durableRecordCount)
        }
        family("tailrace_slot_lag_bytes", "WAL between the server's end and what the slot confirmed.", .gauge) {
            $0.slot?.lagByteCount.map { Double($0) }
        }
        family("tailrace_slot_retained_bytes", "WAL that the server keeps for the slot.", .gauge) {
            $0.slot?.retainedByteCount.map { Double($0) }
        }
        family("tailrace_slot_safe_wal_bytes", "WAL that may be written before the slot is in danger.", .gauge) {
            $0.slot?.safeWALByteCount.map { Double($0) }
        }
        family("tailrace_slot_active", "1 while somebody reads from the slot.", .gauge) {
            $0.slot.map { $0.isActive ? 1 : 0 }
        }
        metrics.append(
            Metric(
                "tailrace_slot_wal_status", help: "1 for the slot's wal_status.", kind: .gauge,
                samples: statuses.compactMap { name, status in
                    status.slot?.walStatus.map {
                        .init(1, labels: [("connector", name), ("status", $0.rawValue)])
                    }
                }))
        metrics.append(
            Metric(
                "tailrace_capture_phase", help: "1 for what the connector is doing.", kind: .gauge,
                samples: statuses.map {
                    .init(1, labels: [("connector", $0.name), ("phase", $0.status.phase.rawValue)])
                }
            ))
        metrics.append(
            Metric(
                "tailrace_capture_error", help: "1 for the connector's last error while it lasts.", kind: .gauge,
                samples: statuses.compactMap { name, status in
                    guard status.phase == .retrying || status.phase == .failed, let error = status.lastError else {
                        return nil
                    }
                    return .init(1, labels: [("connector", name), ("code", error.code.rawValue)])
                }))
        metrics += processMetrics()
        if let broker { metrics += broker.families.map(Self.metric) }
        if let registry { metrics += Self.metrics(registry.current) }
        return metrics
    }

    private static func metrics(_ registry: RegistryMonitor.Statistics) -> [Metric] {
        [
            Metric(
                "tailrace_registry_subjects", help: "Subjects, soft-deleted ones too.", kind: .gauge,
                samples: [.init(Double(registry.subjectCount))]),
            Metric(
                "tailrace_registry_versions", help: "Versions of subjects, soft-deleted ones too.", kind: .gauge,
                samples: [.init(Double(registry.versionCount))]),
            Metric(
                "tailrace_registry_schema_ids", help: "Ids in use.", kind: .gauge,
                samples: [.init(Double(registry.idCount))]),
            Metric(
                "tailrace_registry_registrations_total", help: "Versions registered since the start.", kind: .counter,
                samples: [.init(Double(registry.registrationCount))]),
            Metric(
                "tailrace_registry_requests_total", help: "Requests answered, by the status's class.", kind: .counter,
                samples: registry.answerCounts.sorted { $0.key < $1.key }.map {
                    .init(Double($0.value), labels: [("status", "\($0.key)xx")])
                }),
        ]
    }

    private static func metric(_ family: BrokerMetrics.Family) -> Metric {
        let kind: Metric.Kind
        switch family.kind {
        case .counter: kind = .counter
        case .gauge: kind = .gauge
        case .histogram: kind = .histogram
        }
        return Metric(
            family.name, help: family.help, kind: kind,
            samples: family.samples.map { .init($0.value, labels: $0.labels, suffix: $0.suffix) })
    }

    private func processMetrics() -> [Metric] {
        var metrics: [Metric] = []
        var space = statvfs()
        if statvfs(dataDirectory, &space) == 0 {
            metrics.append(
                Metric(
                    "tailrace_log_disk_free_bytes", help: "Room on the data directory's disk.", kind: .gauge,
                    samples: [.init(Double(space.f_bavail) * Double(space.f_frsize))]))
        }
        // The second number of statm is the resident set in pages.
        if let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        {
            metrics.append(
                Metric(
                    "process_resident_memory_bytes", help: "Resident memory.", kind: .gauge,
                    samples: [.init(pages * Double(sysconf(Int32(_SC_PAGESIZE))))]))
        }
        return metrics
    }
}
