/// The schema frames of the events that belong to no table.
struct InternalFrames: Sendable {
    let transactionKey: PayloadFrame
    let transactionValue: PayloadFrame
    let messageKey: PayloadFrame
    let messageValue: PayloadFrame
    let heartbeatKey: PayloadFrame
    let heartbeatValue: PayloadFrame
    let notificationKey: PayloadFrame
    let notificationValue: PayloadFrame

    init(_ configuration: EventConfiguration) {
        let names = configuration.schemaNameAdjustment
        let (key, value) = (configuration.keyFormat, configuration.valueFormat)
        transactionKey = PayloadFrame(EnvelopeSchema.transactionKey(names), key)
        transactionValue = PayloadFrame(EnvelopeSchema.transactionValue(names), value)
        messageKey = PayloadFrame(EnvelopeSchema.messageKey(names), key)
        messageValue = PayloadFrame(EnvelopeSchema.messageValue(names, binary: configuration.binary), value)
        heartbeatKey = PayloadFrame(EnvelopeSchema.heartbeatKey(names), key)
        heartbeatValue = PayloadFrame(EnvelopeSchema.heartbeatValue(names), value)
        notificationKey = PayloadFrame(EnvelopeSchema.notificationKey(names), key)
        notificationValue = PayloadFrame(EnvelopeSchema.notificationValue(names), value)
    }
}
