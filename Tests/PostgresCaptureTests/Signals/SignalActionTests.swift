import ChangeModel
import Foundation
import Testing

@testable import PostgresCapture

@Suite("What signals ask for")
struct SignalActionTests {
    private func action(_ type: String, _ data: String) -> SignalAction {
        SignalAction(Signal(id: "one", type: type, data: data))
    }

    @Test("an incremental snapshot with conditions and a surrogate key")
    func execute() throws {
        let data = """
            {"type": "INCREMENTAL", "data-collections": ["public.a", " public.b "], "surrogate-key": "k",
             "additional-conditions": [{"data-collection": "public.A", "filter": "v > 1"}]}
            """
        guard case .execute(let request) = action("execute-snapshot", data) else {
            Issue.record("not understood")
            return
        }
        #expect(request.kind == .incremental)
        #expect(request.tables == ["public.a", "public.b"])
        #expect(request.surrogateKey == "k")
        #expect(request.condition(for: TableID(schema: "public", table: "a")) == "v > 1")
        #expect(request.condition(for: TableID(schema: "public", table: "b")) == nil)
    }

    @Test("the type is incremental unless the signal says otherwise")
    func kinds() {
        for (text, kind) in [("", "incremental"), (#""type": "blocking","#, "blocking")] {
            guard case .execute(let request) = action("execute-snapshot", #"{\#(text) "data-collections": ["a.b"]}"#)
            else {
                Issue.record("not understood")
                return
            }
            #expect(request.kind.rawValue == kind)
        }
    }

    @Test(
        "what is not understood is passed over",
        arguments: [
            ("execute-snapshot", "not json"), ("execute-snapshot", "{}"),
            ("execute-snapshot", #"{"data-collections": []}"#),
            ("execute-snapshot", #"{"type": "other", "data-collections": ["a"]}"#), ("unknown", "{}"),
            ("pause-snapshot", #"{"type": "blocking"}"#), ("stop-snapshot", "[]"),
        ])
    func ignored(type: String, data: String) {
        guard case .ignored = action(type, data) else {
            Issue.record("\(type) was understood")
            return
        }
    }

    @Test("stop, pause, resume, log and watermarks")
    func others() {
        #expect(action("stop-snapshot", #"{"type": "incremental", "data-collections": ["a.b"]}"#) == .stop(["a.b"]))
        #expect(action("stop-snapshot", "") == .stop([]))
        #expect(action("pause-snapshot", "{}") == .pause)
        #expect(action("resume-snapshot", "{}") == .resume)
        #expect(action("log", #"{"message": "m"}"#) == .log("m"))
        #expect(action("snapshot-window-open", "") == .openWindow)
        #expect(action("snapshot-window-close", "") == .closeWindow)
    }

    @Test("expressions name known tables, each once, or stand for themselves")
    func expansion() {
        let known = ["a.x", "a.xy", "b.x"].map { name in
            let parts = name.split(separator: ".")
            return TableID(schema: String(parts[0]), table: String(parts[1]))
        }
        let names = TablePattern.expand(["a\\.x.*", "a.x", "c.d", #""q.s"."t""#, "("], among: known).map(\.description)
        #expect(names == ["a.x", "a.xy", "c.d", "q.s.t", ".("])
    }

    @Test("a line of the signal file is a signal, with data as an object or as text")
    func file() {
        let line = #"{"id": "i", "type": "log", "data": {"message": "m"}}"#
        #expect(FileSignals.parse(line) == Signal(id: "i", type: "log", data: #"{"message":"m"}"#))
        #expect(FileSignals.parse(#"{"id": "i", "type": "log", "data": "{}"}"#)?.data == "{}")
        #expect(FileSignals.parse("{}") == nil)
        #expect(FileSignals.parse("no") == nil)
    }

    @Test("the context survives its stored form, and an empty one leaves none")
    func context() throws {
        var context = IncrementalContext()
        #expect(context.json() == nil)
        context.collections = [.init(schema: "s", table: "t", condition: "v > 1", surrogateKey: nil)]
        context.lastSentKey = ["1", nil]
        context.maximumKey = ["9", "z"]
        context.correlationID = "one"
        context.sentRowCount = 4
        var state = CaptureState()
        state.extensions[IncrementalContext.extensionName] = context.json()
        #expect(try IncrementalContext(storedIn: CaptureState(decoding: state.encoded())) == context)
    }
}
