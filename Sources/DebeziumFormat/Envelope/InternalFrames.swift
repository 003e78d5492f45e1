/// The schema frames of the events that belong to no table.
struct InternalFrames: Sendable {
    let transactionKey: JSONFrame
    let transactionValue: JSONFrame
    let messageKey: JSONFrame
    let messageValue: JSONFrame
    let heartbeatKey: JSONFrame
    let heartbeatValue: JSONFrame
    let notificationKey: JSONFrame
    let notificationValue: JSONFrame

    init(_ configuration: EventConfiguration) {
        let names = configuration.schemaNameAdjustment
        let (key, value) = (configuration.keyFormat, configuration.valueFormat)
        transactionKey = JSONFrame(EnvelopeSchema.transactionKey(names), key)
        transactionValue = JSONFrame(EnvelopeSchema.transactionValue(names), value)
        messageKey = JSONFrame(EnvelopeSchema.messageKey(names), key)
        messageValue = JSONFrame(EnvelopeSchema.messageValue(names, binary: configuration.binary), value)
        heartbeatKey = JSONFrame(EnvelopeSchema.heartbeatKey(names), key)
        heartbeatValue = JSONFrame(EnvelopeSchema.heartbeatValue(names), value)
        notificationKey = JSONFrame(EnvelopeSchema.notificationKey(names), key)
        notificationValue = JSONFrame(EnvelopeSchema.notificationValue(names), value)
    }
}
