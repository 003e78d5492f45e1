internal import SchemaStore

extension RegistryRequest {
    /// The request behind `/contexts/name`, with every subject it names in that context; nil where it names none.
    func moved(intoContext name: String) -> RegistryRequest? {
        var path = Array(self.path.dropFirst(2))
        func qualify(_ text: String) -> String { QualifiedSubject(context: name, name: "").qualifying(text) }
        switch (path.first, path.count) {
        case ("subjects", 2...), ("config", 2...), ("mode", 2...): path[1] = qualify(path[1])
        case ("config", 1), ("mode", 1): path.append(qualify(""))
        case ("compatibility", 3...): path[2] = qualify(path[2])
        case ("subjects", 1): return with(path: path, adding: ("subjectPrefix", qualify(text("subjectPrefix") ?? "")))
        case ("schemas", 1): return with(path: path, adding: ("subjectPrefix", qualify(text("subjectPrefix") ?? "")))
        case ("schemas", _): return with(path: path, adding: ("subject", qualify(text("subject") ?? "")))
        default: return nil
        }
        return with(path: path, adding: nil)
    }
}
