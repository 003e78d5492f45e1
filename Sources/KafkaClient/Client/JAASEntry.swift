/// One entry of Java's login configuration: `module flag name=value … ;` with quoted or bare values.
struct JAASEntry {
    let module: String
    let options: [String: String]

    /// nil when the text is not one entry.
    init?(_ text: String) {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var isEscaped = false
        var isEnded = false
        for character in text {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if let open = quote {
                if character == "\\" {
                    isEscaped = true
                } else if character == open {
                    quote = nil
                } else {
                    word.append(character)
                }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ";" {
                isEnded = true
                break
            } else if character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        guard isEnded, quote == nil, words.count >= 2 else { return nil }
        module = words[0]
        var options: [String: String] = [:]
        for option in words.dropFirst(2) {
            guard let equals = option.firstIndex(of: "=") else { return nil }
            options[String(option[..<equals])] = String(option[option.index(after: equals)...])
        }
        self.options = options
    }
}
