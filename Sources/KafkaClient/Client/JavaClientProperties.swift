/// The Java clients' properties, as files for Kafka's own tools hold them, in librdkafka's names.
///
/// Names that both share pass as they are, and librdkafka refuses what it does not know. Stores must be PEM, or PKCS#12 for
/// a keystore: librdkafka reads no JKS.
public enum JavaClientProperties {
    /// - Throws: ``KafkaError`` that names the property and what to write instead.
    public static func translate(_ java: [String: String]) throws(KafkaError) -> ClientProperties {
        var result = ClientProperties()
        for name in java.keys.sorted() {
            guard let value = java[name] else { continue }
            switch name {
            case "sasl.mechanism": result["sasl.mechanisms"] = value
            case "sasl.jaas.config": try login(value, &result)
            case "ssl.endpoint.identification.algorithm":
                result[name] = value.isEmpty ? "none" : value.lowercased()
            case "ssl.truststore.type", "ssl.keystore.type": continue  // Read with the location.
            case "ssl.truststore.location": try trustStore(value, java, &result)
            case "ssl.truststore.certificates": result["ssl.ca.pem"] = value
            case "ssl.truststore.password": continue  // Certificates in PEM are not encrypted.
            case "ssl.keystore.location": try keyStore(value, java, &result)
            case "ssl.keystore.certificate.chain": result["ssl.certificate.pem"] = value
            case "ssl.keystore.key": result["ssl.key.pem"] = value
            case "ssl.cipher.suites": result[name] = value.split(separator: ",").joined(separator: ":")
            case "request.timeout.ms": result["socket.timeout.ms"] = value
            case "bootstrap.servers", "client.id": result[name] = value
            case "sasl.login.callback.handler.class":
                guard value.hasSuffix(".OAuthBearerLoginCallbackHandler") else {
                    throw refused(name, "its class cannot be run here; librdkafka fetches OIDC tokens by itself")
                }
                result["sasl.oauthbearer.method"] = "oidc"
            case "key.serializer", "value.serializer", "key.deserializer", "value.deserializer", "interceptor.classes",
                "metric.reporters", "partitioner.class":
                throw refused(name, "it names Java classes; take it out of this file")
            default: result[name] = value
            }
        }
        return result
    }

    private static func refused(_ name: String, _ reason: String) -> KafkaError {
        KafkaError(code: .invalidArgument, detail: "property '\(name)': \(reason)")
    }

    private static func trustStore(
        _ path: String, _ java: [String: String], _ result: inout ClientProperties
    ) throws(KafkaError) {
        guard java["ssl.truststore.type"]?.uppercased() == "PEM" || path.hasSuffix(".pem") || path.hasSuffix(".crt")
        else {
            throw refused(
                "ssl.truststore.location",
                "only PEM is read; export the certificates with 'keytool -exportcert -rfc' and set ssl.truststore.type=PEM"
            )
        }
        result["ssl.ca.location"] = path
    }

    private static func keyStore(
        _ path: String, _ java: [String: String], _ result: inout ClientProperties
    ) throws(KafkaError) {
        let isPKCS12 = path.hasSuffix(".p12") || path.hasSuffix(".pfx")
        switch java["ssl.keystore.type"]?.uppercased() ?? (path.hasSuffix(".pem") ? "PEM" : isPKCS12 ? "PKCS12" : "") {
        case "PEM":
            // One file holds the key and the chain, as Java wants it.
            result["ssl.certificate.location"] = path
            result["ssl.key.location"] = path
        case "PKCS12":
            result["ssl.keystore.location"] = path
        default:
            throw refused(
                "ssl.keystore.location",
                "only PEM and PKCS12 are read; convert it with 'keytool -importkeystore -deststoretype PKCS12' and set "
                    + "ssl.keystore.type")
        }
    }

    /// `org…PlainLoginModule required username="…" password="…";`
    private static func login(_ text: String, _ result: inout ClientProperties) throws(KafkaError) {
        guard let entry = JAASEntry(text) else {
            throw refused("sasl.jaas.config", "it is not 'module required name=\"value\" …;'")
        }
        switch entry.module.split(separator: ".").last.map(String.init) {
        case "PlainLoginModule", "ScramLoginModule":
            guard let user = entry.options["username"], let password = entry.options["password"] else {
                throw refused("sasl.jaas.config", "username and password are both needed")
            }
            result["sasl.username"] = user
            result["sasl.password"] = password
        case "OAuthBearerLoginModule":
            result["sasl.oauthbearer.method"] = "oidc"
            let names = [
                ("clientId", "sasl.oauthbearer.client.id"), ("clientSecret", "sasl.oauthbearer.client.secret"),
                ("scope", "sasl.oauthbearer.scope"),
            ]
            for (option, name) in names {
                if let value = entry.options[option] { result[name] = value }
            }
        default: throw refused("sasl.jaas.config", "login module '\(entry.module)' is not supported")
        }
    }
}
