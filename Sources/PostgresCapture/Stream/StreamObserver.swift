import ChangeModel
import DebeziumFormat
import RecordTransport

/// Looks at the stream as it passes and may append events of its own: incremental snapshots and signals.
///
/// Called by the capture thread, between messages, never concurrently. What it appends becomes durable together with the
/// changes around it, and so does what it puts into `state.extensions`.
protocol StreamObserver: AnyObject {
    /// Whether ``rowArrives`` wants this table's rows. Asked when a relation is introduced and after
    /// ``StreamObserver/observationChanged`` was true.
    func observes(_ table: TableID) -> Bool

    /// True once after the answers of ``observes(_:)`` may have changed.
    var observationChanged: Bool { get }

    /// A row of an observed table has come and is about to be encoded.
    /// - Parameters:
    ///   - schema: what `change`'s cells are.
    ///   - position: of the change.
    func rowArrives(
        _ change: RowChange, of schema: TableSchema, handle: TableHandle, at position: borrowing SourcePosition,
        encoder: inout ChangeEncoder, sink: inout RecordGroupWriter, state: inout CaptureState
    ) throws(CaptureError)

    /// A transaction ended, or the stream is idle outside of one: the place for events of the observer's own.
    func betweenTransactions(
        encoder: inout ChangeEncoder, sink: inout RecordGroupWriter, state: inout CaptureState
    ) throws(CaptureError)

    /// True when the stream is to end at the next place between transactions, for work that the next start finds in the
    /// state.
    var endsStream: Bool { get }

    /// How long the stream may be idle before ``betweenTransactions`` is called again; nil for as long as it likes.
    var idleInterval: Duration? { get }
}
