import ByteCoding
import Testing

@testable import DebeziumFormat

@Suite("Numbers")
struct NumberTests {
    @Test(
        "a double prints as Java prints it",
        arguments: [
            ("0", "0.0"), ("-0", "-0.0"), ("1.5", "1.5"), ("1e+21", "1.0E21"), ("0.001", "0.001"),
            ("0.0001", "1.0E-4"), ("9999999", "9999999.0"), ("10000000", "1.0E7"), ("5e-324", "4.9E-324"),
            ("1.7976931348623157e+308", "1.7976931348623157E308"), ("123456789012345680", "1.2345678901234568E17"),
            ("2e+23", "1.9999999999999998E23"), ("NaN", "\"NaN\""), ("-Infinity", "\"-Infinity\""),
            ("999.99", "999.99"),
        ])
    func double(text: String, expected: String) throws {
        #expect(try ColumnFixture().json(text, "float8") == expected)
    }

    @Test(
        "a real prints as Java prints it, longer than it need be",
        arguments: [
            ("1.2345679e+08", "1.23456792E8"), ("1e-45", "1.4E-45"), ("3.4028235e+38", "3.4028235E38"),
            ("3.1415927", "3.1415927"), ("9.671407e+24", "9.6714065E24"), ("16777216", "1.6777216E7"),
        ])
    func real(text: String, expected: String) throws {
        #expect(try ColumnFixture().json(text, "float4") == expected)
    }

    @Test(
        "a numeric becomes the shortest two's complement in Base64",
        arguments: [
            ("999.99", "\"AYaf\""), ("-999.99", "\"/nlh\""), ("1.28", "\"AIA=\""), ("-1.28", "\"gA==\""),
            ("0.00", "\"AA==\""), ("1.5", "\"AJY=\""), ("-0.01", "\"/w==\""),
        ])
    func fixed(text: String, expected: String) throws {
        #expect(try ColumnFixture().json(text, "numeric", modifier: ColumnFixture.numeric(5, 2)) == expected)
    }

    @Test("a numeric of more than 38 digits keeps every one")
    func long() throws {
        let text = "1" + String(repeating: "0", count: 100)
        let expected =
            #"{"scale":0,"value":"EkmtJZTDfOsLJ4TEzgvzis5AjiEafKqyQwioLo8QAAAAAAAAAAAAAAAA"}"#
        #expect(try ColumnFixture().json(text, "numeric") == expected)
        #expect(try ColumnFixture().json("-\(text)", "numeric")?.hasPrefix(#"{"scale":0,"value":"7bZS2m"#) == true)
    }

    @Test("a numeric without a scale drops trailing zeros behind the point only")
    func variable() throws {
        #expect(try ColumnFixture().json("1.10", "numeric") == #"{"scale":1,"value":"Cw=="}"#)
        #expect(try ColumnFixture().json("1000", "numeric") == #"{"scale":0,"value":"A+g="}"#)
        #expect(try ColumnFixture().json("NaN", "numeric") == "null")
    }

    @Test(
        "a numeric as a JSON number has Java's exponents",
        arguments: [
            ("0.000000000000000000", "0E-18"), ("-0.000000000000000001", "-1E-18"), ("255.5", "255.500000000000000000"),
            ("0.000000123000000000", "1.23000000000E-7"),
        ])
    func number(text: String, expected: String) throws {
        let fixture = ColumnFixture { $0.format.numericDecimals = true }
        #expect(try fixture.json(text, "numeric", modifier: ColumnFixture.numeric(38, 18)) == expected)
    }

    @Test("decimal.handling.mode turns numerics and money into doubles or text")
    func modes() throws {
        let double = ColumnFixture { $0.configuration.decimal = .double }
        #expect(try double.json("9999999999.9999999999", "numeric") == "1.0E10")
        #expect(try double.json("$92,233,720,368,547,758.07", "money") == "9.223372036854776E16")
        let text = ColumnFixture { $0.configuration.decimal = .string }
        #expect(try text.json("1.5", "numeric", modifier: ColumnFixture.numeric(5, 2)) == "\"1.50\"")
        #expect(try text.json("NaN", "numeric") == "\"NAN\"")
        #expect(try text.json("{1,NaN}", "_numeric") == "null")
        #expect(try text.json("{1,0.10}", "_numeric") == "[\"1\",\"0.10\"]")
        #expect(try text.json("-Infinity", "numeric") == "\"NEGATIVE_INFINITY\"")
        #expect(try text.json("-$1,234.56", "money") == "\"-1234.56\"")
    }

    @Test(
        "money is rounded half up to money.fraction.digits",
        arguments: [(2, "\"/h3A\""), (0, "\"+y0=\""), (4, "\"/0OfAA==\"")])
    func money(digits: Int, expected: String) throws {
        let fixture = ColumnFixture { $0.configuration.moneyFractionDigits = digits }
        #expect(try fixture.json("-$1,234.56", "money") == expected)
        #expect(try fixture.json("($1,234.56)", "money") == expected)
    }

    @Test("rounding money carries through nines")
    func moneyCarry() throws {
        let fixture = ColumnFixture { $0.configuration.moneyFractionDigits = 0 }
        #expect(try fixture.json("$99.50", "money") == "\"ZA==\"")
    }
}
