import KafkaClient
import Logging
import Testing

@Suite("Client properties")
struct PropertyTests {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("an unknown property is refused in librdkafka's words")
    func unknown() {
        let error = #expect(throws: KafkaError.self) {
            try KafkaProducer(["bootstrap.serverz": "localhost:1"], logger: logger)
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.detail == "No such configuration property: \"bootstrap.serverz\"")
    }

    @Test("a bad value is named, and properties that exclude each other are")
    func invalid() {
        let value = #expect(throws: KafkaError.self) { try KafkaProducer(["acks": "most"], logger: logger) }
        #expect(value?.detail.contains("acks") == true)
        let pair = #expect(throws: KafkaError.self) {
            try KafkaProducer(["enable.idempotence": "true", "acks": "1"], logger: logger)
        }
        #expect(pair?.detail.contains("acks") == true)
    }

    @Test("Java's names become librdkafka's")
    func java() throws {
        let properties = try JavaClientProperties.translate([
            "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.jaas.config":
                #"org.apache.kafka.common.security.scram.ScramLoginModule required username="shop" password="a \"b; c";"#,
            "ssl.truststore.location": "/etc/ca.pem", "ssl.truststore.type": "PEM",
            "ssl.endpoint.identification.algorithm": "",
        ])
        #expect(properties["security.protocol"] == "SASL_SSL")
        #expect(properties["sasl.mechanisms"] == "SCRAM-SHA-512")
        #expect(properties["sasl.username"] == "shop")
        #expect(properties["sasl.password"] == #"a "b; c"#)
        #expect(properties["ssl.ca.location"] == "/etc/ca.pem")
        #expect(properties["ssl.endpoint.identification.algorithm"] == "none")
        #expect(properties["sasl.jaas.config"] == nil)
    }

    @Test(
        "what cannot be translated is refused with the way out",
        arguments: [
            (["ssl.truststore.location": "/etc/store.jks"], "ssl.truststore.type=PEM"),
            (["ssl.keystore.location": "/etc/store.jks"], "PKCS12"),
            (["sasl.jaas.config": "com.sun.security.auth.module.Krb5LoginModule required;"], "Krb5LoginModule"),
            (["sasl.jaas.config": "a.PlainLoginModule required username=x;"], "password"),
            (["sasl.jaas.config": "nonsense"], "module required"),
            (["key.serializer": "x"], "take it out"),
        ])
    func refused(java: [String: String], text: String) {
        let error = #expect(throws: KafkaError.self) { try JavaClientProperties.translate(java) }
        #expect(error?.detail.contains(text) == true)
    }

    @Test("secrets are known as such")
    func secrets() {
        for name in ["sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.jaas.config", "ssl.keystore.password"] {
            #expect(ClientProperties.isSecret(name), "\(name)")
        }
        #expect(!ClientProperties.isSecret("sasl.username"))
    }
}
