internal import ByteCoding
internal import KafkaProtocol

/// A handler in the table of APIs.
struct APIEntry: Sendable {
    let key: Int16
    let versions: ClosedRange<Int16>
    let advertisedVersions: ClosedRange<Int16>
    let overlaps: Bool
    /// Decodes the request and hands it over.
    let start: @Sendable (RequestContext) throws(DecodeError) -> Void

    init<Handler: APIHandler>(_ handler: Handler) {
        typealias Request = Handler.Request
        key = Request.apiKey
        versions = Handler.versions
        advertisedVersions = Handler.advertisedVersions
        overlaps = Handler.overlaps
        start = { context throws(DecodeError) in
            let (header, request) = try context.frame.withBytes { bytes throws(DecodeError) in
                var reader = ByteReader(bytes)
                let header = try RequestHeader(decoding: &reader)
                return (header, try Request(decoding: &reader, version: context.version))
            }
            var context = context
            context.clientID = header.clientId
            handler.handle(request, context, Reply(context))
        }
    }

    /// One API whose oldest versions have a form, and a handler, of their own.
    init(_ newer: APIEntry, before older: APIEntry) {
        precondition(newer.key == older.key, "both handle the same API")
        precondition(older.versions.upperBound + 1 == newer.versions.lowerBound, "no version in between is left out")
        key = newer.key
        versions = older.versions.lowerBound...newer.versions.upperBound
        advertisedVersions = older.advertisedVersions.lowerBound...newer.advertisedVersions.upperBound
        overlaps = newer.overlaps && older.overlaps
        start = { context throws(DecodeError) in
            if older.versions.contains(context.version) {
                try older.start(context)
            } else {
                try newer.start(context)
            }
        }
    }
}
