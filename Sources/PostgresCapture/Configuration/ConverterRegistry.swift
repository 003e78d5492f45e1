import DebeziumFormat
import Foundation

/// How a converter reaches its schema registry.
public struct ConverterRegistry: Sendable, Equatable {
    /// `schema.registry.url`; empty means the embedded registry.
    public var addresses: [String] = []
    /// `basic.auth.user.info` where `basic.auth.credentials.source` is `USER_INFO`, else what the address holds before
    /// its host.
    public var userInfo: String?
    /// `bearer.auth.token`
    public var token: String?
    public init() {}
}

extension ConverterRegistry {
    /// nil where the converter needs no registry.
    init?(reading reader: inout PropertyReader, converter prefix: String) {
        guard ConverterNames.isAvro(reader.string(prefix)) else { return nil }
        addresses = reader.list("\(prefix).schema.registry.url")
        for address in addresses where !address.hasPrefix("http://") && !address.hasPrefix("https://") {
            reader.report(
                "\(prefix).schema.registry.url",
                "property '\(prefix).schema.registry.url' has an address that begins with neither http:// nor https://")
        }
        for (index, address) in addresses.enumerated() {
            guard let parts = URLComponents(string: address), let user = parts.user, let password = parts.password
            else { continue }
            userInfo = "\(user):\(password)"
            var bare = parts
            bare.user = nil
            bare.password = nil
            addresses[index] = bare.string ?? address
        }
        if reader.string("\(prefix).basic.auth.credentials.source")?.uppercased() == "USER_INFO" {
            userInfo = reader.string("\(prefix).basic.auth.user.info")
            if userInfo?.contains(":") != true {
                reader.report(
                    "\(prefix).basic.auth.user.info",
                    "property '\(prefix).basic.auth.user.info' must hold user:password, for "
                        + "basic.auth.credentials.source is USER_INFO")
            }
        }
        if reader.string("\(prefix).bearer.auth.credentials.source") != nil {
            token = reader.string("\(prefix).bearer.auth.token")
            if token == nil {
                reader.report(
                    "\(prefix).bearer.auth.token",
                    "property '\(prefix).bearer.auth.token' is required: bearer.auth.credentials.source is STATIC_TOKEN"
                )
            }
        }
    }
}

extension AvroFormat {
    /// nil where the converter is another.
    init?(reading reader: PropertyReader, side: String) {
        let prefix = "\(side).converter"
        guard ConverterNames.isAvro(reader.string(prefix)) else { return nil }
        self.init()
        hasConnectMetaData = reader.boolean("\(prefix).connect.meta.data", true)
        scrubsInvalidNames = reader.boolean("\(prefix).scrub.invalid.names", false)
        registers = reader.boolean("\(prefix).auto.register.schemas", true)
        normalizes = reader.boolean("\(prefix).normalize.schemas", false)
        let strategy = reader.string("\(prefix).\(side).subject.name.strategy")?.lowercased() ?? ""
        if strategy.hasSuffix(".topicrecordnamestrategy") {
            subjectNaming = .topicRecord
        } else if strategy.hasSuffix(".recordnamestrategy") {
            subjectNaming = .record
        }
    }
}
