internal import ChangeModel
internal import Foundation

/// Who the broker is: the cluster's id, which stays with the data directory, and the broker's own number.
///
/// It is kept in `meta.properties` as Kafka keeps it: `version=1`, `cluster.id=<22 characters>`, `node.id=<number>`.
struct BrokerIdentity: Sendable, Equatable {
    let clusterID: String
    let nodeID: Int32

    /// Reads the identity of a data directory, or gives it one.
    /// - Throws: ``BrokerError`` when the file cannot be read or written, or belongs to another node.
    static func establish(directory: String, nodeID: Int32) throws(BrokerError) -> BrokerIdentity {
        let path = directory + "/meta.properties"
        if FileManager.default.fileExists(atPath: path) {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw BrokerError("'\(path)' cannot be read")
            }
            var values: [String: String] = [:]
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                let halves = line.split(separator: "=", maxSplits: 1)
                if halves.count == 2 { values[String(halves[0])] = String(halves[1]) }
            }
            guard let clusterID = values["cluster.id"], !clusterID.isEmpty else {
                throw BrokerError("'\(path)' has no cluster.id: restore the file, or remove it to begin a new cluster")
            }
            guard values["node.id"] == String(nodeID) else {
                throw BrokerError(
                    "'\(path)' belongs to node \(values["node.id"] ?? "?"), and setting 'broker.node.id' is \(nodeID): use "
                        + "the same number, or another data directory")
            }
            return BrokerIdentity(clusterID: clusterID, nodeID: nodeID)
        }
        let identity = BrokerIdentity(clusterID: TopicID.random().description, nodeID: nodeID)
        let text = "version=1\ncluster.id=\(identity.clusterID)\nnode.id=\(nodeID)\n"
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw BrokerError("'\(path)' cannot be written: \(error.localizedDescription)")
        }
        return identity
    }
}
