import Foundation
import TailraceTesting

/// What a client's script says about one case.
struct CaseResult: Decodable {
    let `case`: String
    let ok: Bool
    let seconds: Double
    let detail: String

    /// Runs a script and reads its lines; the end of its error output stands for what it did not come to report.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> (results: [CaseResult], errorOutput: String) {
        let result = try await ChildProcess.run(
            program, arguments, environment: environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 },
            within: .seconds(280))
        let results = result.output.split(separator: "\n").filter { $0.hasPrefix("{\"case\"") }.compactMap {
            try? JSONDecoder().decode(CaseResult.self, from: Data($0.utf8))
        }
        return (results, String(result.errorOutput.suffix(1500)))
    }
}
