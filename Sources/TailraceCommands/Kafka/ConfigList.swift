import ArgumentParser

/// Settings as kafka-configs takes them: `a=1,b=[x,y],c=`.
enum ConfigList {
    static func parse(_ text: String) throws -> [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "="), equals != rest.startIndex else {
                throw ValidationError("'--add-config \(text)' must be written name=value,name=value.")
            }
            let name = String(rest[..<equals])
            rest = rest[rest.index(after: equals)...]
            if rest.first == "[", let close = rest.firstIndex(of: "]") {
                result.append((name, String(rest[rest.index(after: rest.startIndex)..<close])))
                rest = rest[rest.index(after: close)...]
                guard rest.isEmpty || rest.first == "," else {
                    throw ValidationError("'--add-config \(text)': a comma must follow the bracket of '\(name)'.")
                }
                rest = rest.dropFirst()
            } else {
                let end = rest.firstIndex(of: ",") ?? rest.endIndex
                result.append((name, String(rest[..<end])))
                rest = end == rest.endIndex ? "" : rest[rest.index(after: end)...]
            }
        }
        return result
    }
}
