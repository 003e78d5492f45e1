import Foundation
import Testing

@testable import Broker

@Suite("the protocol's documentation")
struct DocumentationTests {
    @Test("the table in Docs/kafka-protocol.md is what is served")
    func table() async throws {
        let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let page = try String(contentsOf: root.appendingPathComponent("Docs/kafka-protocol.md"), encoding: .utf8)
        var documented: [String] = []
        for line in page.split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(\.trimmingSpaces)
            let keys = cells[1].split(separator: ",").compactMap { Int16($0.trimmingSpaces) }
            let versions = cells[3].split(separator: ",").map(\.trimmingSpaces)
            guard !keys.isEmpty else { continue }
            try #require(keys.count == versions.count, "\(line)")
            documented += zip(keys, versions).map { "\($0) \($1)" }
        }
        try await RunningBroker.with { broker in
            let served = try #require(broker.server.apis).all.map { entry in
                let (low, high) = (entry.versions.lowerBound, entry.versions.upperBound)
                return "\(entry.key) " + (low == high ? "\(low)" : "\(low)–\(high)")
            }
            #expect(Set(documented) == Set(served))
            #expect(documented.count == served.count)
        }
    }
}
