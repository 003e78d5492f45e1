/// A topic's name, or a pattern in which `*` stands for any characters and `?` for one.
struct TopicPattern: Sendable, Equatable {
    let text: String

    init(_ text: String) { self.text = text }

    var isPattern: Bool { text.contains("*") || text.contains("?") }

    func matches(_ topic: String) -> Bool {
        let pattern = Array(text.utf8)
        let name = Array(topic.utf8)
        var (p, n) = (0, 0)
        var star: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let last = star {
                p = last.p + 1
                n = last.n + 1
                star = (last.p, n)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
