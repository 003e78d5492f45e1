/// A batch on its way. Dropping it does not take the records back.
public struct PendingDelivery: Sendable {
    let batch: InFlightBatch

    /// Waits for the last report; one for each record, in the batch's order. Records that could not be sent within
    /// `message.timeout.ms` come back with an error, so the wait has an end.
    public func reports() async -> [DeliveryReport] { await batch.reports() }
}
