import ChangeModel
import Testing

@testable import TailraceCommands

@Suite("Records for people")
struct RecordDiffTests {
    private func view(_ value: String?) -> String {
        let record = LogRecord(
            partition: TopicPartition(topic: "db.public.orders", partition: 0), offset: Offset(rawValue: 42),
            timestamp: 0, key: Array(#"{"id":7}"#.utf8), value: value.map { Array($0.utf8) })
        // The time depends on the machine's zone.
        return String(RecordDiff(style: .plain).render(record).dropFirst("00:00:00.000".count))
    }

    @Test("an update shows what changed and counts what did not")
    func update() {
        let text = view(
            #"{"before":{"id":7,"status":"new","note":null},"after":{"id":7,"status":"paid","note":"x"},"op":"u"}"#)
        #expect(
            text == """
                  db.public.orders  0@42  UPDATE  {"id":7}
                  ~ status  'new' → 'paid'
                  ~ note    null → 'x'
                    (1 column unchanged)

                """)
    }

    @Test("an insert shows its row, also with the schema beside it; a delete shows what was there")
    func insertAndDelete() {
        #expect(
            view(#"{"schema":{},"payload":{"before":null,"after":{"id":7},"op":"c"}}"#)
                == "  db.public.orders  0@42  INSERT  {\"id\":7}\n  + id  7\n")
        #expect(
            view(#"{"before":{"id":7},"after":null,"op":"d"}"#)
                == "  db.public.orders  0@42  DELETE  {\"id\":7}\n  - id  7\n")
        #expect(view(nil) == "  db.public.orders  0@42  TOMBSTONE  {\"id\":7}\n")
    }

    @Test("control characters do not reach the terminal")
    func control() {
        #expect(!view(#"{"before":null,"after":{"a":"\u001b[2J"},"op":"c"}"#).contains("\u{1B}"))
    }

    @Test("topic patterns match whole names")
    func patterns() {
        #expect(TopicPattern("db.*.orders").matches("db.public.orders"))
        #expect(TopicPattern("*").matches("a"))
        #expect(TopicPattern("a?c*").matches("abc"))
        #expect(!TopicPattern("a?c").matches("ac"))
        #expect(!TopicPattern("db.public").matches("db.public.orders"))
    }

    @Test("moments are ages, ISO 8601 times, dates or milliseconds")
    func since() {
        #expect(SinceTime.parse("15m", now: 1_000_000) == 100_000)
        #expect(SinceTime.parse("1970-01-01T00:00:01Z", now: 0) == 1000)
        #expect(SinceTime.parse("1970-01-01T00:00:01.5+00:00", now: 0) == 1500)
        #expect(SinceTime.parse("1970-01-02", now: 0) == 86_400_000)
        #expect(SinceTime.parse("12345", now: 0) == 12345)
        #expect(SinceTime.parse("yesterday", now: 0) == nil)
        #expect(SinceTime.parse("99999999999999999d", now: 0) == nil)
    }
}
