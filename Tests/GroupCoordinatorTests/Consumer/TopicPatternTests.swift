import TailraceTesting
import Testing

@testable import GroupCoordinator

@Suite("regular expressions over topic names")
struct TopicPatternTests {
    @Test(
        "what RE2 matches as a whole is matched",
        arguments: [
            ("orders", "orders", true), ("orders", "orders2", false), ("ord.*", "orders", true),
            ("ord", "orders", false),
            ("^orders$", "orders", true), ("a|b|cd", "cd", true), ("(a|b)*c", "ababc", true), ("a{2,3}", "aa", true),
            ("a{2,3}", "aaaa", false), ("a{2}", "aa", true), ("a{2,}", "aaaaa", true), ("[a-c]+\\.x", "abc.x", true),
            ("[^a-c]+", "abc", false), ("[^a-c]+", "xyz", true), ("\\d+", "123", true), ("\\w+-\\d", "topic-1", true),
            ("(?i)ORDERS", "orders", true), ("(?:shop|crm)\\..+", "crm.x", true), ("(?P<n>a)b", "ab", true),
            ("(?<n>a)b", "ab", true), ("a.c", "abc", true), ("a\\.c", "abc", false), ("[[:alpha:]]+", "abc", true),
            ("", "", true), ("a?b?", "", true), ("a*?b", "aab", true), ("\\Qa.b\\E", "a.b", true),
            ("\\Qa.b\\E", "axb", false),
            ("[a\\-z]", "-", true), ("[]a]", "]", true), ("x{", "x{", true), ("\\bfoo\\b", "foo", true),
            ("(|a)b", "b", true),
            ("(?!.*internal).*", "x", false),
        ])
    func matching(pattern: String, name: String, expected: Bool) {
        #expect((TopicPattern(pattern)?.matches(name) ?? false) == expected)
    }

    @Test(
        "what RE2 refuses is refused",
        arguments: [
            "(", ")", "a(", "[a", "*a", "a**b)", "(?=a)", "(?<=a)b", "\\1", "a{3,2}", "[z-a]", "(?x)a", "\\", "a{2000}",
        ])
    func invalid(pattern: String) { #expect(TopicPattern(pattern) == nil) }

    @Test("a pattern that makes others explode takes no longer than another")
    func noExplosion() throws {
        let pattern = try #require(TopicPattern("(a*)*(a|aa)+(a?){100}a{100}b"))
        #expect(!pattern.matches(String(repeating: "a", count: 249)))
        #expect(TopicPattern("((((a{100}){100}){100}){100}){100}") == nil)
    }

    @Test("any bytes are a pattern or refused, never a trap")
    func fuzz() {
        var generator = SeededGenerator(seed: 3)
        let alphabet = Array("ab.*+?()[]{}|\\^$-,123:P<>iQEdwsbx!=".utf8)
        var accepted = 0
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            if let pattern = TopicPattern(String(decoding: bytes, as: UTF8.self)) {
                accepted += 1
                _ = pattern.matches("abba.1-2")
            }
        }
        #expect(accepted > 100)
    }
}
