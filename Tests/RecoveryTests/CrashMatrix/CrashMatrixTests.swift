import TailraceTesting
import Testing

/// The short form; `Scripts/crash-matrix` runs the long one.
@Suite("The crash matrix", .serialized)
struct CrashMatrixTests {
    @Test(
        "whatever dies, the log has each change once and in order per key, and each snapshot row once",
        arguments: CrashMatrix.Variant.chosen)
    func crashMatrix(variant: CrashMatrix.Variant) async throws {
        let options = CrashMatrix.Options.fromEnvironment(variant)
        print("crash matrix, \(variant.rawValue): seed \(options.seed), \(options.killCount) kills")
        let report = try await CrashMatrix(options).run()
        print("crash matrix, \(variant.rawValue): \(report.summary)")
        #expect(report.findings == [], "\(variant.rawValue), seed \(options.seed)")
    }
}
