import ByteCoding
import Testing

@testable import DebeziumFormat

@Suite("Dates, times and intervals")
struct TemporalTests {
    @Test(
        "a date is a number of days since 1970",
        arguments: [
            ("1970-01-01", "0"), ("0001-01-01", "-719162"), ("9999-12-31", "2932896"),
            ("5874897-12-31", "2145042905"), ("0044-03-15 BC", "-735160"), ("4713-01-01 BC", "-2440550"),
            ("infinity", "-2147472692"), ("-infinity", "-2147472691"),
        ])
    func date(text: String, expected: String) throws {
        #expect(try ColumnFixture().json(text, "date") == expected)
    }

    @Test(
        "a snapshot reads old dates through java.sql.Date",
        arguments: [
            ("0044-03-15 BC", "-703383"), ("infinity", "-622191234"), ("-infinity", "-625821272"),
            ("1582-10-10", "-141422"), ("1582-10-04", "-141438"),
        ])
    func snapshotDate(text: String, expected: String) throws {
        #expect(try ColumnFixture().json(text, "date", snapshot: true) == expected)
    }

    @Test(
        "a timestamp has its precision's unit and Java's limits",
        arguments: [
            ("1969-12-31 23:59:59.999999", Int32(-1), "-1"), ("1969-12-31 23:59:59.999", 3, "-1"),
            ("infinity", -1, "9223372036825200000"), ("-infinity", 3, "-9223372036832400"),
            ("0044-03-15 12:00:00 BC", -1, "-63517780800000000"), ("1582-10-04 23:59:59", -1, "-12220156801000000"),
            ("294270-01-01 10:00:00.5", -1, "-9223372036854275809"), ("294270-01-01 00:00:00", 3, "9224097091200000"),
        ])
    func timestamp(text: String, modifier: Int32, expected: String) throws {
        #expect(try ColumnFixture().json(text, "timestamp", modifier: modifier) == expected)
    }

    @Test("nanoseconds outside of their range leave the field unset")
    func nanoseconds() throws {
        let fixture = ColumnFixture { $0.configuration.timePrecision = .nanoseconds }
        #expect(try fixture.json("2024-01-02 03:04:05.678901", "timestamp") == "1704164645678901000")
        #expect(try fixture.json("0001-01-01 00:00:00", "timestamp") == "null")
        #expect(try fixture.json(#"{"0001-01-01 00:00:00"}"#, "_timestamp") == "[null]")
        #expect(try fixture.json("infinity", "timestamp") == "9223372036854775807")
    }

    @Test(
        "ISO text has as many digits as the fraction needs",
        arguments: [
            ("date", "0001-01-01", "\"0001-01-01Z\""), ("date", "10000-01-01", "\"+10000-01-01Z\""),
            ("time", "12:00:00.1", "\"12:00:00.1Z\""), ("time", "24:00:00", "\"00:00:00Z\""),
            ("timestamp", "2024-02-29 12:34:56.123456", "\"2024-02-29T12:34:56.123456Z\""),
            ("timestamp", "0044-03-15 12:00:00 BC", "\"-0043-03-15T12:00:00Z\""),
        ])
    func iso(type: String, text: String, expected: String) throws {
        let fixture = ColumnFixture { $0.configuration.timePrecision = .isostring }
        #expect(try fixture.json(text, type) == expected)
    }

    @Test(
        "a timestamptz is UTC with its precision's digits",
        arguments: [
            ("2024-02-29 12:34:56.123456+05:30", Int32(-1), "\"2024-02-29T07:04:56.123456Z\""),
            ("2024-01-01 00:00:01+00", 0, "\"2024-01-01T00:00:01Z\""),
            ("1883-11-18 12:03:57.5-04:56:02", 3, "\"1883-11-18T16:59:59.500Z\""),
            ("infinity", -1, "\"infinity\""), ("20000-06-30 12:00:00+00", -1, "\"+20000-06-30T12:00:00.000000Z\""),
        ])
    func timestamptz(text: String, modifier: Int32, expected: String) throws {
        #expect(try ColumnFixture().json(text, "timestamptz", modifier: modifier) == expected)
    }

    @Test("a timetz is moved to UTC around midnight")
    func timetz() throws {
        #expect(try ColumnFixture().json("23:59:59.999999-12:30", "timetz") == "\"12:29:59.999999Z\"")
        #expect(try ColumnFixture().json("24:00:00+01", "timetz") == "\"23:00:00Z\"")
    }

    @Test("the elements of time arrays lose what the driver loses")
    func arrays() throws {
        let fixture = ColumnFixture()
        #expect(try fixture.json("{23:59:59.999999,24:00:00}", "_time") == "[86399999000,0]")
        #expect(try fixture.json("{10:00:00.5+02}", "_timetz") == "[\"08:00:00Z\"]")
        #expect(
            try fixture.json(#"{"0001-01-01 00:00:00","1582-10-15 00:00:00"}"#, "_timestamp", modifier: 3)
                == "[-62135769600000,-12219292800000]")
        #expect(
            try fixture.json(#"{"0044-03-15 12:00:00+00 BC"}"#, "_timestamptz") == "[\"0044-03-15T12:00:00.000000Z\"]")
    }

    @Test(
        "an interval counts months of 30.4375 days in microseconds",
        arguments: [
            ("1 year 2 mons 3 days 04:05:06.789", "37091106789000"),
            ("-1 years -2 mons -3 days -04:05:06.789", "-37091106789000"),
            ("178000000 years", "9223372036854775807"), ("1 mon -1 days +00:00:00.000001", "2543400000001"),
            ("36:00:00", "129600000000"), ("00:00:00", "0"),
        ])
    func interval(text: String, expected: String) throws {
        #expect(try ColumnFixture().json(text, "interval") == expected)
    }

    @Test(
        "an interval as text names every part",
        arguments: [
            ("1 year 2 mons 3 days 04:05:06.789", "\"P1Y2M3DT4H5M6.789S\""),
            ("-00:00:00.001", "\"P0Y0M0DT0H0M-0.001S\""), ("1 day 24:00:00", "\"P0Y0M1DT24H0M0S\""),
        ])
    func intervalText(text: String, expected: String) throws {
        let fixture = ColumnFixture { $0.configuration.interval = .string }
        #expect(try fixture.json(text, "interval") == expected)
    }

    @Test("every day of ten thousand years survives the way to text and back")
    func calendar() {
        for days in stride(from: -800_000, through: 3_000_000, by: 37) {
            let (year, month, day) = CivilDate.civil(days: days)
            #expect(CivilDate.days(year: year, month: month, day: day) == days)
        }
    }
}
