internal import ChangeModel

/// A batch that stands in the journal, and where it belongs.
struct JournaledBatch: Equatable, Sendable {
    var topicID: TopicID
    var partition: Int32
    var segmentBaseOffset: Offset
    /// In the segment's file, in bytes.
    var position: Int64
    /// Where its bytes are: in the commit's buffer when it is written, in the journal's content when it is read.
    var byteRange: Range<Int>
}
