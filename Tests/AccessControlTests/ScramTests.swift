import Crypto
import Foundation
import TailraceTesting
import Testing

@testable import AccessControl

@Suite("Access control: SCRAM")
struct ScramTests {
    /// A client's side, written from RFC 5802 on its own.
    private struct Client {
        let mechanism: ScramMechanism
        let user: String
        let password: String
        var nonce = "clientnonce"
        var header = "n,,"

        var bare: String { "n=\(user),r=\(nonce)" }
        var first: [UInt8] { Array((header + bare).utf8) }

        func final(answering challenge: String, noncePrefix: String = "") throws -> (message: [UInt8], server: String) {
            var fields: [Character: String] = [:]
            for part in challenge.split(separator: ",") { fields[part.first!] = String(part.dropFirst(2)) }
            let salt = Array(Data(base64Encoded: fields["s"]!)!)
            let salted = try mechanism.saltedPassword(
                Array(password.utf8), salt: salt, iterationCount: Int(fields["i"]!)!)
            let clientKey = mechanism.authenticationCode(of: Array("Client Key".utf8), key: salted)
            let withoutProof =
                "c=\(Data(header.utf8).base64EncodedString()),r=\(noncePrefix)\(fields["r"]!)"
            let transcript = Array("\(bare),\(challenge),\(withoutProof)".utf8)
            let signature = mechanism.authenticationCode(of: transcript, key: mechanism.hash(clientKey))
            let proof = Data(zip(clientKey, signature).map { $0 ^ $1 }).base64EncodedString()
            let serverKey = mechanism.authenticationCode(of: Array("Server Key".utf8), key: salted)
            let server = Data(mechanism.authenticationCode(of: transcript, key: serverKey)).base64EncodedString()
            return (Array("\(withoutProof),p=\(proof)".utf8), "v=\(server)")
        }
    }

    private func exchange(_ mechanism: ScramMechanism) -> SASLExchange {
        SASLExchange(mechanism: mechanism == .sha256 ? .scramSHA256 : .scramSHA512)
    }

    private func credentials() throws -> CredentialStore {
        var store = CredentialStore()
        try store.setPassword("pencil", of: "user")
        try store.setPassword("p,=", of: "a,b=c")
        return store
    }

    /// Runs a whole exchange.
    private func login(
        _ client: Client, store: CredentialStore, noncePrefix: String = ""
    ) throws -> (step: SASLStep, server: String) {
        var server = exchange(client.mechanism)
        guard case .challenge(let bytes) = server.receive(client.first, credentials: store) else {
            return (.rejected("no challenge"), "")
        }
        let final = try client.final(
            answering: String(decoding: bytes, as: UTF8.self), noncePrefix: noncePrefix)
        return (server.receive(final.message, credentials: store), final.server)
    }

    @Test("the exchange of RFC 7677 gives the RFC's messages")
    func rfcVector() throws {
        let verifier = try ScramVerifier(
            mechanism: .sha256, password: "pencil", salt: Array(Data(base64Encoded: "W22ZaJ0SNY7soEsUEjb6gQ==")!),
            iterationCount: 4_096)
        var store = CredentialStore()
        store.setVerifier(verifier, of: "user")
        var server = SASLExchange(mechanism: .scramSHA256, nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
        let challenge = server.receive(Array("n,,n=user,r=rOprNGfwEbeRWgbNEkqO".utf8), credentials: store)
        #expect(
            challenge
                == .challenge(
                    Array(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096".utf8)))
        let outcome = server.receive(
            Array(
                ("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                    + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=").utf8), credentials: store)
        #expect(
            outcome
                == .authenticated(
                    Authentication(
                        principal: Principal(name: "user"),
                        finalMessage: Array("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=".utf8))))
    }

    @Test("the right password is accepted and the server proves itself", arguments: ScramMechanism.allCases)
    func rightPassword(mechanism: ScramMechanism) throws {
        let store = try credentials()
        let outcome = try login(Client(mechanism: mechanism, user: "user", password: "pencil"), store: store)
        #expect(
            outcome.step
                == .authenticated(
                    Authentication(principal: Principal(name: "user"), finalMessage: Array(outcome.server.utf8))))
        // A comma and an equals sign travel as =2C and =3D.
        let escaped = try login(Client(mechanism: mechanism, user: "a=2Cb=3Dc", password: "p,="), store: store)
        guard case .authenticated(let authentication) = escaped.step else {
            Issue.record("not authenticated")
            return
        }
        #expect(authentication.principal.name == "a,b=c")
    }

    @Test("a wrong password and an unknown user are refused alike, at the end", arguments: ScramMechanism.allCases)
    func wrongPassword(mechanism: ScramMechanism) throws {
        let store = try credentials()
        let wrong = try login(Client(mechanism: mechanism, user: "user", password: "pen"), store: store)
        let unknown = try login(Client(mechanism: mechanism, user: "nobody", password: "pencil"), store: store)
        #expect(wrong.step == .rejected(SASLExchange.failure))
        #expect(unknown.step == .rejected(SASLExchange.failure))
    }

    @Test("an unknown user's salt is the same each time, as a known one's is")
    func decoySalt() throws {
        let store = try credentials()
        func salt(_ user: String) -> String? {
            var server = exchange(.sha256)
            guard case .challenge(let bytes) = server.receive(Array("n,,n=\(user),r=x".utf8), credentials: store) else {
                return nil
            }
            return String(decoding: bytes, as: UTF8.self).split(separator: ",").dropFirst().joined(separator: ",")
        }
        #expect(salt("nobody") == salt("nobody"))
        #expect(salt("nobody") != salt("somebody"))
        #expect(salt("nobody")?.count == salt("user")?.count)
    }

    @Test("a client that repeats its own nonce in front is accepted; another nonce is not")
    func repeatedNonce() throws {
        let store = try credentials()
        let client = Client(mechanism: .sha256, user: "user", password: "pencil")
        let repeated = try login(client, store: store, noncePrefix: client.nonce)
        guard case .authenticated = repeated.step else {
            Issue.record("not authenticated")
            return
        }
        var server = exchange(.sha256)
        _ = server.receive(client.first, credentials: store)
        let other = try client.final(answering: "r=other,s=AAAA,i=4096")
        #expect(server.receive(other.message, credentials: store) == .rejected(SASLExchange.failure))
    }

    @Test(
        "malformed messages are refused",
        arguments: [
            "", "n", "n,,", "p=tls-unique,,n=user,r=x", "n,,m=ext,n=user,r=x", "n,,n=us=er,r=x", "n,,n=,r=x",
            "n,,n=user,r=", "n,a=other,n=user,r=x", "n,,n=user,r=x,tokenauth=true", "n,x,n=user,r=x",
        ])
    func malformedFirst(message: String) throws {
        let store = try credentials()
        var server = exchange(.sha256)
        guard case .rejected = server.receive(Array(message.utf8), credentials: store) else {
            Issue.record("accepted")
            return
        }
        // Whatever comes then is refused as well.
        guard case .rejected = server.receive(Array("n,,n=user,r=x".utf8), credentials: store) else {
            if message.hasPrefix("p=") || message.contains("m=ext") { return }
            Issue.record("went on after a failure")
            return
        }
    }

    @Test("random bytes are refused, never a trap")
    func randomBytes() throws {
        let store = try credentials()
        var generator = SeededGenerator(seed: 11)
        let alphabet = Array("nrcpsai=,AB/+\u{0}\u{1}é".utf8)
        for _ in 0..<3_000 {
            var server = SASLExchange(
                mechanism: SASLMechanism.allCases.randomElement(using: &generator)!, nonce: "fixed")
            for _ in 0..<3 {
                let count = Int.random(in: 0..<40, using: &generator)
                let bytes = (0..<count).map { _ in alphabet.randomElement(using: &generator)! }
                let step = server.receive(bytes, credentials: store)
                if case .authenticated = step { Issue.record("authenticated by chance") }
                guard case .challenge = step else { break }
            }
        }
    }

    @Test("a verifier in Kafka's notation reads back; one that is too weak or broken does not")
    func notation() throws {
        let verifier = try ScramVerifier(mechanism: .sha512, password: "x", iterationCount: 8_192)
        #expect(ScramVerifier(mechanism: .sha512, text: verifier.text) == verifier)
        #expect(ScramVerifier(mechanism: .sha256, text: verifier.text) == nil)
        #expect(
            ScramVerifier(
                mechanism: .sha512, text: verifier.text.replacingOccurrences(of: "=8192", with: "=1000")) == nil)
        #expect(ScramVerifier(mechanism: .sha512, text: "salt=1") == nil)
        #expect(!"\(verifier)".contains("stored") && !String(reflecting: verifier).contains("stored"))
    }
}
