extension BrokerSetting {
    /// Listeners, connections and requests.
    static let network: [BrokerSetting] = [
        .init(
            "listeners", .list, "PLAINTEXT://127.0.0.1:9092",
            "Where clients connect: NAME://host:port with commas between; an empty host is every address, port 0 a free one."
        ),
        .init(
            "advertised.listeners", .list, nil,
            "What clients are told to connect to, by listener; without it what the listener is bound to."),
        .init(
            "listener.security.protocol.map", .list,
            "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
            "Which protocol a listener speaks, by its name: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL."),
        .init("node.id", .int(1...Int64(Int32.max)), "1", "The broker's id."),
        .init("broker.rack", .text, nil, "The rack that clients are told."),
        .init(
            "num.network.threads", .int(0...1024), "0",
            "Threads that serve connections; 0 for one a processor core."),
        .init(
            "socket.request.max.bytes", .int(1024...Int64(Int32.max)), "104857600",
            "The largest request; a larger one closes its connection before any memory is taken for it."),
        .init(
            "queued.max.request.bytes", .long(1024...Int64.max), "268435456",
            "How much memory all requests under way may take; beyond it connections are not read from."),
        .init(
            "max.connections", .int(0...Int64(Int32.max)), "10000",
            "How many connections there may be; further ones are closed at once."),
        .init(
            "max.connections.per.ip", .int(0...Int64(Int32.max)), "2147483647",
            "How many connections one address may have; further ones are closed at once."),
        .init(
            "connections.max.idle.ms", .long(1000...Int64(Int32.max)), "600000",
            "After how much silence a connection is closed."),
        .init(
            "fetch.max.bytes", .int(1024...1_073_741_824), "57671680",
            "The most that one fetch returns, except that its first batch always fits."),
        .init(
            "max.incremental.fetch.session.cache.slots", .int(0...1_000_000), "1000",
            "How many consumers may have a fetch session."),
    ]

    /// TLS. Files are PEM; where a certificate or key is asked for, a path or the PEM text itself.
    static let tls: [BrokerSetting] = [
        .init("ssl.keystore.type", .choice(["PEM"]), "PEM", "The form of the keystore."),
        .init("ssl.keystore.location", .text, nil, "A PEM file with the broker's private key and certificate chain."),
        .init("ssl.keystore.certificate.chain", .text, nil, "The broker's certificate chain: PEM text or a path."),
        .init("ssl.keystore.key", .password, nil, "The broker's private key: PEM text or a path."),
        .init("ssl.key.password", .password, nil, "The private key's password."),
        .init("ssl.truststore.type", .choice(["PEM"]), "PEM", "The form of the truststore."),
        .init(
            "ssl.truststore.location", .text, nil, "A PEM file with the authorities that sign clients' certificates."),
        .init(
            "ssl.truststore.certificates", .text, nil,
            "The authorities that sign clients' certificates: PEM text or a path."),
        .init(
            "ssl.client.auth", .choice(["none", "requested", "required"]), "none",
            "Whether clients show certificates of their own."),
        .init(
            "ssl.enabled.protocols", .choices(["TLSv1.2", "TLSv1.3"]), "TLSv1.2,TLSv1.3",
            "The versions of TLS that are spoken."),
    ]
}
