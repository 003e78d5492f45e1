internal import GroupCoordinator
internal import KafkaProtocol
internal import Synchronization

/// DeleteGroups, key 42.
///
/// Versions 0 to 2. A group goes with its offsets; one with members stays (NON_EMPTY_GROUP).
struct DeleteGroupsHandler: APIHandler {
    typealias Request = DeleteGroupsRequest
    static let versions: ClosedRange<Int16> = 0...2

    func handle(_ request: DeleteGroupsRequest, _ context: RequestContext, _ reply: Reply<DeleteGroupsResponse>) {
        let names = request.groupsNames
        guard !names.isEmpty else { return reply.send(DeleteGroupsResponse()) }
        let gathered = GatheredReplies(count: names.count) { (errors: [GroupError]) in
            var response = DeleteGroupsResponse()
            response.results = zip(names, errors).map { name, error in
                var result = DeleteGroupsResponse.DeletableGroupResult()
                result.groupId = name
                result.errorCode = error.rawValue
                return result
            }
            reply.send(response)
        }
        for (index, name) in names.enumerated() {
            context.broker.groups.handle(.deleteGroup(name)) { result in
                guard case .deleteGroup(let error) = result else { return }
                gathered.set(error, at: index)
            }
        }
    }
}

/// Waits for the answers to the parts of a request.
final class GatheredReplies<Value: Sendable>: Sendable {
    private let values: Mutex<(values: [Value?], missing: Int)>
    private let completion: @Sendable ([Value]) -> Void

    init(count: Int, completion: @escaping @Sendable ([Value]) -> Void) {
        values = Mutex((Array(repeating: nil, count: count), count))
        self.completion = completion
    }

    func set(_ value: Value, at index: Int) {
        let complete: [Value]? = values.withLock { state in
            guard state.values[index] == nil else { return nil }
            state.values[index] = value
            state.missing -= 1
            return state.missing == 0 ? state.values.compactMap { $0 } : nil
        }
        if let complete { completion(complete) }
    }
}
