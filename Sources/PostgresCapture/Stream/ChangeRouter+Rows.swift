import ByteCoding
import ChangeModel
import DebeziumFormat
import PGOutput
import RecordTransport

/// What a row goes through. The router's parts come one by one: the row borrows its decoder while the encoder and the
/// sink change.
extension ChangeRouter {
    static func encode(
        _ header: RowMessage, _ message: Span<UInt8>, _ rows: borrowing RowDecoder, of handle: TableHandle,
        at position: borrowing SourcePosition, encoder: inout ChangeEncoder, sink: inout RecordGroupWriter
    ) throws(CaptureError) {
        let change = RowChange(
            operation: header.operation, oldTuple: header.oldTuple, bytes: message, old: rows.old, new: rows.new)
        do throws(EncodeError) {
            _ = try encoder.encode(change, of: handle, at: position, into: &sink)
        } catch {
            throw failure(error, at: position.lsn ?? .invalid)
        }
    }

    /// Encodes a row whose missing values are read again first.
    static func encodeCompleted(
        _ header: RowMessage, _ message: Span<UInt8>, _ rows: borrowing RowDecoder, of schema: TableSchema,
        handle: TableHandle, by reselector: RowReselector, at position: borrowing SourcePosition,
        encoder: inout ChangeEncoder, sink: inout RecordGroupWriter
    ) throws(CaptureError) {
        let change = RowChange(
            operation: header.operation, oldTuple: header.oldTuple, bytes: message, old: rows.old, new: rows.new)
        guard let row = try reselector.complete(change, of: schema) else {
            return try encode(header, message, rows, of: handle, at: position, encoder: &encoder, sink: &sink)
        }
        let completed = RowChange(
            operation: header.operation, oldTuple: header.oldTuple, bytes: row.bytes.span, old: row.old.span,
            new: row.new.span)
        do throws(EncodeError) {
            _ = try encoder.encode(completed, of: handle, at: position, into: &sink)
        } catch {
            throw failure(error, at: position.lsn ?? .invalid)
        }
    }

    static func show(
        _ header: RowMessage, _ message: Span<UInt8>, _ rows: borrowing RowDecoder, of schema: TableSchema,
        handle: TableHandle, at position: borrowing SourcePosition, encoder: inout ChangeEncoder,
        sink: inout RecordGroupWriter, state: inout CaptureState, to observer: any StreamObserver
    ) throws(CaptureError) {
        let change = RowChange(
            operation: header.operation, oldTuple: header.oldTuple, bytes: message, old: rows.old, new: rows.new)
        try observer.rowArrives(
            change, of: schema, handle: handle, at: position, encoder: &encoder, sink: &sink, state: &state)
    }

    static func malformed(_ error: DecodeError, at lsn: LSN) -> CaptureError {
        CaptureError(code: .protocolViolation, detail: "a pgoutput message at \(lsn) cannot be decoded: \(error)")
    }

    static func failure(_ error: EncodeError, at lsn: LSN) -> CaptureError {
        CaptureError(encoding: error, at: lsn)
    }
}
