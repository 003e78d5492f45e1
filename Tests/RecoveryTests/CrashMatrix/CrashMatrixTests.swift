import TailraceTesting
import Testing

/// The short form; `Scripts/crash-matrix` runs the long one.
@Suite("The crash matrix")
struct CrashMatrixTests {
    @Test("whatever dies, the log has each change once and in order per key, and each snapshot row once")
    func crashMatrix() async throws {
        let options = CrashMatrix.Options.fromEnvironment()
        print("crash matrix: seed \(options.seed), \(options.killCount) kills")
        let report = try await CrashMatrix(options).run()
        print("crash matrix: \(report.summary)")
        #expect(report.findings == [], "seed \(options.seed)")
    }
}
