internal import Foundation
internal import Synchronization

/// The settings in force: what the configuration file says, and what administrators have changed since. Any thread.
///
/// Changes are kept in `broker-dynamic.properties` in the data directory, a line `name=value` each.
final class LiveConfiguration: Sendable {
    private struct State {
        var dynamic: [String: String]
        var current: BrokerConfiguration
    }

    let configured: BrokerConfiguration
    private let path: String
    private let state: Mutex<State>

    /// - Throws: ``BrokerError`` when what was changed earlier cannot be read.
    init(_ configured: BrokerConfiguration, directory: String) throws(BrokerError) {
        self.configured = configured
        path = directory + "/broker-dynamic.properties"
        var dynamic: [String: String] = [:]
        if FileManager.default.fileExists(atPath: path) {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw BrokerError("'\(path)' cannot be read")
            }
            for line in text.split(separator: "\n") {
                let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if halves.count == 2 { dynamic[String(halves[0])] = String(halves[1]) }
            }
        }
        do throws(BrokerConfiguration.Problem) {
            state = Mutex(State(dynamic: dynamic, current: try Self.merge(configured, dynamic)))
        } catch {
            throw BrokerError("'\(path)': \(error)")
        }
    }

    var current: BrokerConfiguration { state.withLock { $0.current } }
    /// What was changed while the broker ran, by name.
    var dynamic: [String: String] { state.withLock { $0.dynamic } }

    /// Changes settings; nil takes one back to what the configuration file says. Blocks.
    /// - Parameter checkOnly: says whether the changes are acceptable and makes none.
    func alter(_ changes: [String: String?], checkOnly: Bool = false) throws(BrokerConfiguration.Problem) {
        for name in changes.keys.sorted() {
            guard let setting = BrokerSetting.byName[name] else {
                throw .init("'\(name)' is not a setting of this broker")
            }
            guard setting.isDynamic else {
                throw .init("'\(name)' cannot be changed while the broker runs: change the configuration and restart")
            }
        }
        let (configured, path) = (configured, path)
        let problem = state.withLock { state -> BrokerConfiguration.Problem? in
            var dynamic = state.dynamic
            for (name, value) in changes { dynamic[name] = value }
            do throws(BrokerConfiguration.Problem) {
                let merged = try Self.merge(configured, dynamic)
                if checkOnly { return nil }
                let text = dynamic.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
                do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
                    return .init("the change cannot be kept: '\(path)' cannot be written")
                }
                state = State(dynamic: dynamic, current: merged)
                return nil
            } catch {
                return error
            }
        }
        if let problem { throw problem }
    }

    private static func merge(
        _ configured: BrokerConfiguration, _ dynamic: [String: String]
    ) throws(BrokerConfiguration.Problem) -> BrokerConfiguration {
        var merged = configured
        for (name, value) in dynamic.sorted(by: { $0.key < $1.key }) { try merged.set(name, to: value) }
        return merged
    }
}
