/// Which handlers serve which APIs: the one place where an API is added.
enum SupportedAPIs {
    static func table(for broker: Broker) -> APITable {
        APITable(cluster)
    }

    /// What the cluster is and what it can do.
    private static var cluster: [APIEntry] {
        [APIEntry(MetadataHandler()), APIEntry(ApiVersionsHandler())]
    }
}
