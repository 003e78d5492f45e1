import Testing

@testable import Broker

@Suite("the broker's settings")
struct ConfigurationTests {
    private func listeners(_ settings: [String: String]) throws -> [Listener] {
        var configuration = BrokerConfiguration()
        for (name, value) in settings { try configuration.set(name, to: value) }
        return try configuration.listeners()
    }

    @Test("listeners have names, protocols, addresses, and what clients are told")
    func parsing() throws {
        let parsed = try listeners([
            "listeners": "PLAINTEXT://127.0.0.1:9092, OUTSIDE://:9094,SSL://[::1]:0",
            "advertised.listeners": "OUTSIDE://kafka.example.com:443",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,OUTSIDE:SASL_SSL,SSL:SSL",
        ])
        #expect(parsed.map(\.name) == ["PLAINTEXT", "OUTSIDE", "SSL"])
        #expect(parsed.map(\.security) == [.plaintext, .saslSSL, .ssl])
        #expect(parsed.map(\.host) == ["127.0.0.1", "", "::1"])
        #expect(parsed.map(\.port) == [9092, 9094, 0])
        #expect(parsed[1].advertised == Endpoint(host: "kafka.example.com", port: 443))
    }

    @Test(
        "what does not fit together is refused by the setting's name",
        arguments: [
            (["listeners": "9092"], "listeners"),
            (["listeners": "OTHER://h:1"], "listener.security.protocol.map"),
            (["listeners": "SSL://h:1,SSL://h:2"], "twice"),
            (["advertised.listeners": "SSL://h:1"], "advertised.listeners"),
            (["advertised.listeners": "PLAINTEXT://0.0.0.0:1"], "advertised.listeners"),
            (["listeners": ""], "broker: off"),
        ])
    func refused(settings: [String: String], word: String) {
        #expect { try listeners(settings) } throws: { "\($0)".contains(word) }
    }

    @Test("a value that is not acceptable is refused with what is, and a secret is not repeated")
    func values() {
        var configuration = BrokerConfiguration()
        #expect { try configuration.set("num.partitions", to: "none") } throws: { "\($0)".contains("whole number") }
        #expect { try configuration.set("nope", to: "1") } throws: { "\($0)".contains("not known") }
        #expect(throws: Never.self) { try configuration.set("listener.name.outside.ssl.client.auth", to: "required") }
        #expect(configuration.value("ssl.client.auth", listener: "OUTSIDE") == "required")
        #expect(configuration.value("ssl.client.auth", listener: "SSL") == "none")
    }

    @Test("every default is acceptable")
    func defaults() {
        for setting in BrokerSetting.all {
            if let value = setting.defaultValue { #expect(setting.problem(with: value) == nil, "\(setting.name)") }
        }
    }

    @Test("a client's software is letters, digits, dots and dashes, as Kafka's brokers want it")
    func softwareNames() {
        for name in ["a", "librdkafka", "apache-kafka-java", "2.16.0"] {
            #expect(ApiVersionsHandler.isAcceptable(name))
        }
        for name in ["", "-a", "a.", "a b", "ä"] { #expect(!ApiVersionsHandler.isAcceptable(name)) }
    }
}
