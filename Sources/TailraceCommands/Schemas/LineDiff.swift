/// The lines of two texts, each with what became of it: `-` gone, `+` new, and what stayed.
enum LineDiff {
    static func between(_ old: [String], _ new: [String]) -> [String] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [String] = []
        var (before, after) = (0, 0)
        while before < old.count || after < new.count {
            if removed.contains(before) {
                lines.append("- " + old[before])
                before += 1
            } else if inserted.contains(after) {
                lines.append("+ " + new[after])
                after += 1
            } else {
                lines.append("  " + new[after])
                before += 1
                after += 1
            }
        }
        return lines
    }
}
