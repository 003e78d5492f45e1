/// Which handlers serve which APIs: the one place where an API is added.
enum SupportedAPIs {
    static func table(for broker: Broker) -> APITable {
        APITable(records + cluster + groups + transactions + administration + security)
    }

    /// Records and their offsets.
    private static var records: [APIEntry] {
        [
            APIEntry(ProduceHandler()), APIEntry(FetchHandler()),
            APIEntry(APIEntry(ListOffsetsHandler()), before: APIEntry(ListOffsetsV0Handler())),
            APIEntry(OffsetForLeaderEpochHandler()),
        ]
    }

    /// Idempotent producers and transactions.
    private static var transactions: [APIEntry] {
        [
            APIEntry(InitProducerIdHandler()), APIEntry(AddPartitionsToTxnHandler()),
            APIEntry(AddOffsetsToTxnHandler()),
            APIEntry(EndTxnHandler()), APIEntry(TxnOffsetCommitHandler()),
            APIEntry(DescribeProducersHandler()), APIEntry(DescribeTransactionsHandler()),
            APIEntry(ListTransactionsHandler()),
        ]
    }

    /// Who clients are and what they may do.
    private static var security: [APIEntry] {
        [
            APIEntry(SaslHandshakeHandler()), APIEntry(SaslAuthenticateHandler()), APIEntry(DescribeAclsHandler()),
            APIEntry(CreateAclsHandler()), APIEntry(DeleteAclsHandler()), APIEntry(DescribeClientQuotasHandler()),
            APIEntry(AlterClientQuotasHandler()), APIEntry(DescribeUserScramCredentialsHandler()),
            APIEntry(AlterUserScramCredentialsHandler()),
        ]
    }

    /// What the cluster is and what it can do.
    private static var cluster: [APIEntry] {
        [
            APIEntry(MetadataHandler()), APIEntry(ApiVersionsHandler()), APIEntry(DescribeClusterHandler()),
            APIEntry(DescribeTopicPartitionsHandler()),
        ]
    }

    /// Topics, settings and disks.
    private static var administration: [APIEntry] {
        [
            APIEntry(CreateTopicsHandler()), APIEntry(DeleteTopicsHandler()), APIEntry(DeleteRecordsHandler()),
            APIEntry(CreatePartitionsHandler()), APIEntry(DescribeConfigsHandler()), APIEntry(AlterConfigsHandler()),
            APIEntry(IncrementalAlterConfigsHandler()), APIEntry(ListConfigResourcesHandler()),
            APIEntry(DescribeLogDirsHandler()), APIEntry(ElectLeadersHandler()),
            APIEntry(AlterPartitionReassignmentsHandler()), APIEntry(ListPartitionReassignmentsHandler()),
        ]
    }

    /// Consumer groups and their offsets.
    private static var groups: [APIEntry] {
        [
            APIEntry(OffsetCommitHandler()), APIEntry(OffsetFetchHandler()), APIEntry(FindCoordinatorHandler()),
            APIEntry(JoinGroupHandler()), APIEntry(HeartbeatHandler()), APIEntry(LeaveGroupHandler()),
            APIEntry(SyncGroupHandler()), APIEntry(DescribeGroupsHandler()), APIEntry(ListGroupsHandler()),
            APIEntry(DeleteGroupsHandler()), APIEntry(OffsetDeleteHandler()),
            APIEntry(ConsumerGroupHeartbeatHandler()), APIEntry(ConsumerGroupDescribeHandler()),
        ]
    }
}
