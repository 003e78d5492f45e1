extension SchemaRegistration {
    /// What is asked for a schema that becomes Avro.
    init(_ schema: ConnectSchema, _ format: AvroFormat, topic: String, isKey: Bool) throws(InvalidAvroName) {
        let record = AvroRecordName(schema.name, format).full
        self.init(
            subject: format.subjectNaming.subject(topic: topic, record: record, isKey: isKey),
            schema: try AvroSchemaText.text(of: schema, format), registers: format.registers,
            normalizes: format.normalizes)
    }
}
