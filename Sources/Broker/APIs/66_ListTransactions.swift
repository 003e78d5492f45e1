internal import AccessControl
internal import GroupCoordinator
internal import KafkaProtocol

/// ListTransactions, key 66: the transactional ids that filters let pass. Versions 0 and 1; from 1 on by duration. Only
/// those that the client may describe are listed.
struct ListTransactionsHandler: APIHandler {
    typealias Request = ListTransactionsRequest
    static let versions: ClosedRange<Int16> = 0...1

    func handle(
        _ request: ListTransactionsRequest, _ context: RequestContext, _ reply: Reply<ListTransactionsResponse>
    ) {
        context.broker.transactions.read { coordinator in
            var response = ListTransactionsResponse()
            let names = Set(GroupCoordinator.TransactionState.allCases.map(\.name))
            response.unknownStateFilters = request.stateFilters.filter { !names.contains($0) }
            var filter = TransactionCoordinator.Filter()
            filter.states = Set(request.stateFilters)
            filter.producerIDs = Set(request.producerIdFilters)
            filter.durationMillisMin = request.durationFilter
            do throws(TransactionError) {
                for metadata in try coordinator.list(filter, now: TransactionService.now)
                where context.allows(.describe, .transactionalID, metadata.transactionalID) {
                    var state = ListTransactionsResponse.TransactionState()
                    state.transactionalId = metadata.transactionalID
                    state.producerId = metadata.producerID
                    state.transactionState = metadata.state.name
                    response.transactionStates.append(state)
                }
            } catch {
                response.errorCode = error.rawValue
            }
            reply.send(response)
        }
    }
}
