// swift-tools-version: 6.2
import PackageDescription

/// Settings every Swift target shares: Swift 6 mode, explicit existentials and imports, warnings as errors.
let common: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

/// Layers 0 to 2 take bytes from strangers, so every unsafe expression there is marked.
let strict: [SwiftSetting] = common + [.strictMemorySafety()]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "tailrace",
    products: [.executable(name: "tailrace", targets: ["tailrace"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        // Layer 0: values.
        .target(name: "CByteCoding"),
        .target(name: "ByteCoding", dependencies: ["CByteCoding"], swiftSettings: strict),
        .target(name: "ChangeModel", dependencies: ["ByteCoding"], swiftSettings: strict),

        // Layer 1: formats. Bytes in, values out; no I/O, no async.
        .target(name: "PGOutput", dependencies: ["ByteCoding", "ChangeModel"], swiftSettings: strict),
        .target(name: "KafkaProtocol", dependencies: ["ByteCoding", "ChangeModel"], swiftSettings: strict),
        .target(name: "DebeziumFormat", dependencies: ["ByteCoding", "ChangeModel"], swiftSettings: strict),

        .target(name: "Avro", dependencies: ["ByteCoding"], swiftSettings: strict),

        // Layer 2: engines. Time and disk come in as arguments.
        .target(
            name: "GroupCoordinator", dependencies: ["ByteCoding", "ChangeModel", "KafkaProtocol"],
            swiftSettings: strict),
        .target(name: "SchemaStore", dependencies: ["ByteCoding", "Avro"], swiftSettings: strict),
        .target(
            name: "CommitLog", dependencies: ["ByteCoding", "ChangeModel", "KafkaProtocol"], swiftSettings: strict),

        // Layer 3: adapters.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CSnappy", providers: [.apt(["libsnappy-dev"])]),
        .target(
            name: "Compression",
            dependencies: ["ByteCoding", "KafkaProtocol", "CZlib", "CLZ4", "CZstd", "CSnappy"], swiftSettings: common),
        .target(
            name: "RecordTransport",
            dependencies: ["ByteCoding", "ChangeModel", "KafkaProtocol", "CommitLog", "Compression", logging],
            swiftSettings: common),
        .target(
            name: "AccessControl",
            dependencies: [
                "ByteCoding", logging, .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"), .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"), nio,
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: common),
        .target(
            name: "Broker",
            dependencies: [
                "ByteCoding", "ChangeModel", "KafkaProtocol", "CommitLog", "GroupCoordinator", "Compression",
                "AccessControl", logging, nio, nioPosix, nioSSL,
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: common),
        .systemLibrary(name: "CRdkafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .target(
            name: "KafkaClient", dependencies: ["ByteCoding", "ChangeModel", "CRdkafka", logging],
            swiftSettings: common),
        .target(
            name: "SchemaRegistry",
            dependencies: [
                "ByteCoding", "ChangeModel", "KafkaProtocol", "CommitLog", "SchemaStore", "Avro", "Compression",
                logging, nio, nioSSL, .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: common),
        .target(
            name: "PostgresCapture",
            dependencies: [
                "ByteCoding", "ChangeModel", "PGOutput", "KafkaProtocol", "DebeziumFormat", "RecordTransport", "CLibpq",
                logging,
            ],
            swiftSettings: common),

        // Layer 4: control.
        .target(
            name: "Telemetry",
            dependencies: [
                logging, .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: common),

        // Layer 5: programs.
        // The commands are a library so that tests can import them; the program only calls it.
        .target(
            name: "TailraceCommands",
            dependencies: [
                "ByteCoding", "ChangeModel", "KafkaProtocol", "DebeziumFormat", "CommitLog", "Compression",
                "RecordTransport", "PostgresCapture", "Broker", "KafkaClient", "Telemetry", "CLibpq",
                "SchemaRegistry", "SchemaStore", "Avro", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: common),
        .executableTarget(name: "kafka-codegen", exclude: ["Messages"], swiftSettings: common),
        .executableTarget(name: "tailrace", dependencies: ["TailraceCommands"], swiftSettings: common),

        // Testing.
        .executableTarget(
            name: "tailrace-fuzz",
            dependencies: [
                "ByteCoding", "ChangeModel", "Compression", "KafkaProtocol", "PGOutput", "PostgresCapture",
                "TailraceTesting",
            ], path: "Fuzz",
            swiftSettings: common),
        .target(
            name: "TailraceTesting",
            dependencies: ["ByteCoding", "ChangeModel", "KafkaProtocol", "CommitLog", "RecordTransport", "CLibpq"],
            swiftSettings: common),
        .testTarget(name: "ByteCodingTests", dependencies: ["ByteCoding"], swiftSettings: common),
        .testTarget(
            name: "PGOutputTests", dependencies: ["PGOutput", "ByteCoding", "ChangeModel", "TailraceTesting"],
            swiftSettings: common),
        .testTarget(
            name: "KafkaProtocolTests",
            dependencies: ["KafkaProtocol", "ByteCoding", "ChangeModel", "Compression", "TailraceTesting"],
            exclude: ["Golden"], swiftSettings: common),
        .testTarget(
            name: "DebeziumFormatTests", dependencies: ["DebeziumFormat", "ByteCoding", "ChangeModel"],
            swiftSettings: common),
        .testTarget(
            name: "CommitLogTests",
            dependencies: [
                "CommitLog", "Compression", "KafkaProtocol", "ByteCoding", "ChangeModel", "TailraceTesting",
            ],
            swiftSettings: common),
        .testTarget(
            name: "RecordTransportTests",
            dependencies: [
                "RecordTransport", "CommitLog", "KafkaProtocol", "ByteCoding", "ChangeModel", "TailraceTesting",
            ],
            swiftSettings: common),
        .testTarget(
            name: "PostgresCaptureTests",
            dependencies: [
                "PostgresCapture", "RecordTransport", "DebeziumFormat", "PGOutput", "KafkaProtocol", "ByteCoding",
                "ChangeModel", "TailraceTesting",
            ],
            swiftSettings: common),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "PostgresCapture", "RecordTransport", "DebeziumFormat", "CommitLog", "KafkaProtocol", "ByteCoding",
                "ChangeModel", "Avro", "TailraceTesting", logging,
            ],
            exclude: ["Golden"], swiftSettings: common),
        .testTarget(
            name: "RecoveryTests",
            dependencies: [
                "RecordTransport", "CommitLog", "KafkaProtocol", "ByteCoding", "ChangeModel", "TailraceTesting",
            ],
            swiftSettings: common),
        .testTarget(
            name: "TelemetryTests",
            dependencies: [
                "Telemetry", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), logging,
            ],
            swiftSettings: common),
        .testTarget(
            name: "TailraceCommandsTests",
            dependencies: [
                "TailraceCommands", "RecordTransport", "PostgresCapture", "DebeziumFormat", "KafkaClient",
                "SchemaRegistry", "SchemaStore", "Avro", "Telemetry", "ChangeModel", "ByteCoding",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: common),
        .testTarget(
            name: "AvroTests", dependencies: ["Avro", "ByteCoding", "TailraceTesting"], exclude: ["Table"],
            swiftSettings: common),
        .testTarget(
            name: "GroupCoordinatorTests",
            dependencies: ["GroupCoordinator", "KafkaProtocol", "ByteCoding", "ChangeModel", "TailraceTesting"],
            swiftSettings: common),
        .testTarget(
            name: "SchemaStoreTests", dependencies: ["SchemaStore", "Avro", "ByteCoding", "TailraceTesting"],
            swiftSettings: common),
        .testTarget(
            name: "AccessControlTests",
            dependencies: [
                "AccessControl", "ByteCoding", "TailraceTesting", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: common),
        .testTarget(
            name: "BrokerTests",
            dependencies: [
                "Broker", "GroupCoordinator", "AccessControl", "CommitLog", "Compression", "KafkaProtocol",
                "ByteCoding",
                "ChangeModel", "TailraceTesting", nio, nioPosix, logging,
            ],
            swiftSettings: common),
        .testTarget(
            name: "KafkaClientTests",
            dependencies: ["KafkaClient", "CRdkafka", "ChangeModel", "TailraceTesting", logging],
            swiftSettings: common),
        .testTarget(
            name: "SchemaRegistryTests",
            dependencies: [
                "SchemaRegistry", "SchemaStore", "Avro", "CommitLog", "Compression", "KafkaProtocol", "ByteCoding",
                "ChangeModel", "TailraceTesting", logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: common),
        .testTarget(
            name: "ClientTests", dependencies: ["TailraceTesting"], exclude: ["Clients"], swiftSettings: common),
        .testTarget(name: "EndToEndTests", dependencies: ["TailraceTesting"], swiftSettings: common),
    ]
)

// A slice of the package, for short builds: `TAILRACE_SLICE=CommitLogTests,PGOutputTests swift test` plans only the named
// targets and what they depend on.
if let slice = Context.environment["TAILRACE_SLICE"] {
    var kept: Set<String> = []
    var pending = slice.split(separator: ",").map(String.init)
    while let name = pending.popLast() {
        guard kept.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else {
            continue
        }
        for dependency in target.dependencies {
            switch dependency {
            case .targetItem(let name, _), .byNameItem(let name, _): pending.append(name)
            default: break
            }
        }
    }
    package.targets.removeAll { !kept.contains($0.name) }
    package.products.removeAll { !kept.contains($0.name) }
    let packages = Set(
        package.targets.flatMap(\.dependencies).compactMap { dependency -> String? in
            if case .productItem(_, let package, _, _) = dependency { package } else { nil }
        })
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
        return !packages.contains { location.hasSuffix("/" + $0) }
    }
}
