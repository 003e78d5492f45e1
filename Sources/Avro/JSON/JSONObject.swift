/// The members of a JSON object in their order. A key that is set again keeps its place, as in Java's linked maps.
public struct JSONObject: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSONValue
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    private var members: [Member] = []
    private var places: [String: Int] = [:]

    public init() {}

    /// - Parameter members: nil values are left out.
    public init(_ members: KeyValuePairs<String, JSONValue?>) {
        for (key, value) in members { if let value { self[key] = value } }
    }

    public var keys: [String] { members.map(\.key) }

    public subscript(_ key: String) -> JSONValue? {
        get { places[key].map { members[$0].value } }
        set {
            if let place = places[key] {
                if let newValue {
                    members[place].value = newValue
                } else {
                    members.remove(at: place)
                    places = [:]
                    for (index, member) in members.enumerated() { places[member.key] = index }
                }
            } else if let newValue {
                places[key] = members.count
                members.append(Member(key: key, value: newValue))
            }
        }
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }
    public subscript(position: Int) -> Member { members[position] }
}
