import Foundation
import TailraceTesting
import Testing

/// What is too long for the checks runs once on a tiny input, so that it does not rot.
@Suite("Small runs of the long programs")
struct SmallRunTests {
    private static let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
        url.deletingLastPathComponent()
    }.path

    private static func isInstalled(_ programs: String...) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        return programs.allSatisfy { program in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
        }
    }

    @Test(
        "a benchmark runs on a tiny input", .enabled(if: isInstalled("python3", "cc", "pg_config")),
        arguments: ["drain", "snapshot", "latency", "memory"])
    func benchmark(name: String) async throws {
        let result = try await ChildProcess.run(
            "\(Self.root)/Benchmarks/\(name)", ["--quick"], environment: ["TAILRACE": TailraceProgram.path],
            within: .seconds(300))
        #expect(result.exit == .code(0), "\(result.errorOutput.suffix(2000))")
        #expect(!result.output.isEmpty)
    }

    @Test("a few thousand hostile inputs trap no decoder", arguments: ["pgoutput", "records", "configuration"])
    func fuzz(target: String) async throws {
        let program = (TailraceProgram.path as NSString).deletingLastPathComponent + "/tailrace-fuzz"
        let result = try await ChildProcess.run(program, ["--target", target, "--iterations", "1500"])
        #expect(result.exit == .code(0), "\(result.output)\(result.errorOutput.suffix(2000))")
    }
}
