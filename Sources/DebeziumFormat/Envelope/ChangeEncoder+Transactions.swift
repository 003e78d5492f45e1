internal import ByteCoding
public import ChangeModel

/// Transaction metadata (`provide.transaction.metadata`): a BEGIN and an END event for each transaction on a topic of
/// their own, and the `transaction` block in the events between them.
extension ChangeEncoder {
    /// The open transaction's metadata; nil outside of one, or where transaction metadata is off. Assigning what a
    /// restored state holds goes on within that transaction, without a second BEGIN event.
    public var transaction: TransactionState? {
        get { rows.counts.state }
        set {
            if let newValue, configuration.transactionMetadata {
                rows.counts.begin(newValue)
            } else {
                rows.counts.end()
            }
        }
    }

    /// Begins a transaction: appends the BEGIN event where transaction metadata is on. `position` is that of the
    /// server's BEGIN message: its LSN is in the event's id, its time in `ts_ms`.
    public mutating func beginTransaction<Sink: RecordSink & ~Copyable>(
        id: UInt32, at position: borrowing SourcePosition, into sink: inout Sink
    ) throws(EncodeError) -> Int {
        guard configuration.transactionMetadata else { return 0 }
        let topic = try internalTopic(topics.transaction, in: &sink)
        let state = TransactionState(transactionID: id)
        rows.counts.begin(state)
        openTransactionEvent("BEGIN", id: id, at: position)
        valueScratch.append("\",\"event_count\":null,\"data_collections\":null")
        try appendTransactionEvent(at: position, to: topic, into: &sink)
        return 1
    }

    /// Ends the open transaction: appends the END event with its counts where transaction metadata is on. `position` is
    /// that of the server's COMMIT message.
    public mutating func endTransaction<Sink: RecordSink & ~Copyable>(
        at position: borrowing SourcePosition, into sink: inout Sink
    ) throws(EncodeError) -> Int {
        guard let state = transaction else { return 0 }
        let topic = try internalTopic(topics.transaction, in: &sink)
        rows.counts.end()
        openTransactionEvent("END", id: state.transactionID, at: position)
        valueScratch.append("\",\"event_count\":")
        valueScratch.append(decimal: state.eventCount)
        valueScratch.append(",\"data_collections\":[")
        for (count, index) in Self.order(state.tables).enumerated() {
            if count > 0 { valueScratch.append(",") }
            valueScratch.append("{\"data_collection\":")
            valueScratch.append(jsonString: state.tables[index].name)
            valueScratch.append(",\"event_count\":")
            valueScratch.append(decimal: state.tables[index].eventCount)
            valueScratch.append("}")
        }
        valueScratch.append("]")
        try appendTransactionEvent(at: position, to: topic, into: &sink)
        return 1
    }

    /// Debezium keeps the counts in a `HashMap` by name. A logical decoding message counts there under a name that ends
    /// in an identity hash, which no run repeats: those come first here.
    private static func order(_ tables: [TransactionState.TableCount]) -> [Int] {
        let messages = tables.indices.filter { tables[$0].name.hasPrefix(messageCollectionPrefix) }
        let named = tables.indices.filter { !tables[$0].name.hasPrefix(messageCollectionPrefix) }
        return messages + JavaHashMapOrder.indices(of: named.map { tables[$0].name }).map { named[$0] }
    }

    private mutating func openTransactionEvent(
        _ status: StaticString, id: UInt32, at position: borrowing SourcePosition
    ) {
        keyScratch.removeAll()
        keyScratch.append(frames.transactionKey.opening)
        keyScratch.append("{\"id\":\"")
        RowEncoder.append(transactionID: id, at: position, to: &keyScratch)
        keyScratch.append("\"}")
        keyScratch.append(frames.transactionKey.closing)
        valueScratch.removeAll()
        valueScratch.append(frames.transactionValue.opening)
        valueScratch.append("{\"status\":\"")
        valueScratch.append(status)
        valueScratch.append("\",\"id\":\"")
        RowEncoder.append(transactionID: id, at: position, to: &valueScratch)
    }

    private mutating func appendTransactionEvent<Sink: RecordSink & ~Copyable>(
        at position: borrowing SourcePosition, to topic: TopicHandle, into sink: inout Sink
    ) throws(EncodeError) {
        valueScratch.append(",\"ts_ms\":")
        valueScratch.append(decimal: SourceBlock.divide(position.timestampMicros, by: 1000))
        valueScratch.append("}")
        valueScratch.append(frames.transactionValue.closing)
        try appendScratch(.transaction, to: topic, named: topics.transaction, into: &sink)
    }
}
