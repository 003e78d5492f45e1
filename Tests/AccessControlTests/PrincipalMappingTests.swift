import Testing

@testable import AccessControl

@Suite("Access control: users from certificates")
struct PrincipalMappingTests {
    private func map(_ rules: String, _ name: String) throws -> String? {
        try PrincipalMapping(rules).user(ofDistinguishedName: name)
    }

    @Test(
        "rules map names as Kafka's documentation says",
        arguments: [
            ("DEFAULT", "CN=a,OU=b", "CN=a,OU=b"),
            ("RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/", "CN=svc,OU=ServiceUsers,O=x", "svc"),
            ("RULE:^CN=(.*?),OU=(.*?),O=(.*?)$/$1@$2/L", "CN=Adm,OU=Admin,O=x", "adm@admin"),
            ("RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/U", "O=x,cn=host.a", "HOST.A"),
            ("RULE:^CN=x$/never/, RULE:^CN=(.*)$/$1/, DEFAULT", "CN=y", "y"),
            (#"RULE:^CN=(.*?)\/(.*)$/$1-$2/"#, "CN=a/b", "a-b"),
            ("", "CN=a", "CN=a"),
        ])
    func examples(rules: String, name: String, expected: String) throws {
        #expect(try map(rules, name) == expected)
    }

    @Test("where no rule matches the whole name, the certificate is nobody's")
    func noMatch() throws {
        #expect(try map("RULE:CN=(.*?),OU=x/$1/", "CN=a,OU=x,O=y") == nil)
    }

    @Test(
        "rules that cannot be read are refused with the setting's name",
        arguments: ["RULE:abc", "RULE:a/b", "RULE:(/x/", "default", "DEFAULT DEFAULT", "DEFAULT,what"])
    func invalid(rules: String) {
        let error = #expect(throws: AccessError.self) { try PrincipalMapping(rules) }
        #expect(error?.setting == "ssl.principal.mapping.rules")
    }
}
