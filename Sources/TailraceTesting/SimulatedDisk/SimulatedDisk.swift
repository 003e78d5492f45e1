internal import CommitLog

/// The state of a simulated disk, as a value.
struct SimulatedDisk {
    enum Node: Equatable {
        case directory
        case file(Int)
    }

    enum Write {
        case bytes([UInt8], at: Int)
        case truncate(Int)
    }

    struct Inode {
        /// What a running process reads.
        var content: [UInt8] = []
        /// What a power cut leaves for certain.
        var durable: [UInt8] = []
        var pending: [Write] = []
    }

    struct NameChange {
        let path: String
        /// The former path, for a rename.
        var from: String?
        let node: Node?
    }

    var generator: SeededGenerator
    var operationCount = 0
    var cutAt: Int?
    var byteCountMax: Int?
    /// Counts starts: handles of an earlier one are dead.
    var life = 0
    private var isDead = false
    var inodes: [Inode] = []
    var names: [String: Node] = ["/": .directory]
    private var durableNames: [String: Node] = ["/": .directory]
    private var pendingNames: [NameChange] = []

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static var powerCut: StorageError { StorageError(.inputOutput, "the power is gone") }

    func requireLife(_ number: Int) throws(StorageError) {
        guard !isDead, number == life else { throw Self.powerCut }
    }

    /// Counts an operation.
    /// - Returns: true when this is the one at which the power goes.
    private mutating func tick() throws(StorageError) -> Bool {
        guard !isDead else { throw Self.powerCut }
        operationCount += 1
        guard let cutAt, operationCount >= cutAt else { return false }
        isDead = true
        return true
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    // MARK: Names

    mutating func open(_ path: String, creating: Bool) throws(StorageError) -> Int {
        guard !isDead else { throw Self.powerCut }
        if case .file(let inode) = names[path] { return inode }
        guard creating, names[Self.parent(of: path)] == .directory else {
            throw StorageError(.notFound, "there is no '\(path)'")
        }
        if try tick() { throw Self.powerCut }
        inodes.append(Inode())
        apply(NameChange(path: path, node: .file(inodes.count - 1)))
        return inodes.count - 1
    }

    func list(_ path: String) throws(StorageError) -> [String] {
        guard !isDead else { throw Self.powerCut }
        guard names[path] == .directory else { throw StorageError(.notFound, "there is no '\(path)'") }
        let prefix = path + "/"
        return names.keys.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") }
            .map { String($0.dropFirst(prefix.count)) }.sorted()
    }

    mutating func createDirectory(_ path: String) throws(StorageError) {
        guard !isDead else { throw Self.powerCut }
        if names[path] != nil { return }
        if names[Self.parent(of: path)] == nil { try createDirectory(Self.parent(of: path)) }
        if try tick() { throw Self.powerCut }
        apply(NameChange(path: path, node: .directory))
    }

    mutating func rename(_ path: String, to newPath: String?) throws(StorageError) {
        if try tick() { throw Self.powerCut }
        guard let node = names[path] else { throw StorageError(.notFound, "there is no '\(path)'") }
        if let newPath {
            apply(NameChange(path: newPath, from: path, node: node))
        } else {
            apply(NameChange(path: path, node: nil))
        }
    }

    mutating func synchronizeDirectory(_ path: String) throws(StorageError) {
        if try tick() { throw Self.powerCut }
        var rest: [NameChange] = []
        for change in pendingNames {
            if Self.parent(of: change.path) == path {
                Self.apply(change, to: &durableNames)
            } else {
                rest.append(change)
            }
        }
        pendingNames = rest
    }

    private mutating func apply(_ change: NameChange) {
        Self.apply(change, to: &names)
        pendingNames.append(change)
    }

    private static func apply(_ change: NameChange, to names: inout [String: Node]) {
        if let from = change.from { names[from] = nil }
        names[change.path] = change.node
    }

    // MARK: Content

    mutating func write(_ bytes: [UInt8], at position: Int, to inode: Int) throws(StorageError) {
        var bytes = bytes
        let isCut = try tick()
        if isCut { bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))) }
        var isFull = false
        if let byteCountMax {
            let used = names.values.reduce(0) { sum, node in
                if case .file(let number) = node { sum + inodes[number].content.count } else { sum }
            }
            let growth = max(0, position + bytes.count - inodes[inode].content.count)
            if used + growth > byteCountMax {
                isFull = true
                bytes = Array(bytes.prefix(max(0, bytes.count - (used + growth - byteCountMax))))
            }
        }
        if !bytes.isEmpty {
            Self.apply(.bytes(bytes, at: position), to: &inodes[inode].content)
            inodes[inode].pending.append(.bytes(bytes, at: position))
        }
        if isCut { throw Self.powerCut }
        if isFull { throw StorageError(.diskFull, "no space is left on the simulated disk") }
    }

    mutating func truncate(_ inode: Int, to byteCount: Int) throws(StorageError) {
        if try tick() { throw Self.powerCut }
        Self.apply(.truncate(byteCount), to: &inodes[inode].content)
        inodes[inode].pending.append(.truncate(byteCount))
    }

    mutating func synchronize(_ inode: Int) throws(StorageError) {
        if try tick() { throw Self.powerCut }
        inodes[inode].durable = inodes[inode].content
        inodes[inode].pending = []
    }

    private static func apply(_ write: Write, to content: inout [UInt8]) {
        switch write {
        case .bytes(let bytes, let position):
            if content.count < position + bytes.count {
                content.append(contentsOf: repeatElement(0, count: position + bytes.count - content.count))
            }
            content.replaceSubrange(position..<position + bytes.count, with: bytes)
        case .truncate(let byteCount):
            if content.count > byteCount { content.removeLast(content.count - byteCount) }
            if content.count < byteCount {
                content.append(contentsOf: repeatElement(0, count: byteCount - content.count))
            }
        }
    }

    // MARK: Starting again

    mutating func restart() {
        for number in inodes.indices {
            var content = inodes[number].durable
            for write in inodes[number].pending {
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: continue
                case 1: Self.apply(write, to: &content)
                default:
                    guard case .bytes(let bytes, let position) = write else { continue }
                    let kept = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
                    Self.apply(.bytes(kept, at: position), to: &content)
                }
            }
            inodes[number].content = content
            inodes[number].durable = content
            inodes[number].pending = []
        }
        let kept = pendingNames.isEmpty ? 0 : Int.random(in: 0...pendingNames.count, using: &generator)
        for change in pendingNames.prefix(kept) { Self.apply(change, to: &durableNames) }
        // What stands in a folder that is not there cannot be reached.
        names = durableNames.filter { path, _ in
            var folder = Self.parent(of: path)
            while folder != "/" {
                guard durableNames[folder] == .directory else { return false }
                folder = Self.parent(of: folder)
            }
            return true
        }
        durableNames = names
        pendingNames = []
        restartProcess()
    }

    mutating func restartProcess() {
        life += 1
        isDead = false
        cutAt = nil
    }
}
