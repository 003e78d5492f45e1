extension CaptureError {
    /// The error for what a server answered to a statement.
    /// - Parameters:
    ///   - action: what was being done, as a noun phrase: "creating slot 'a'".
    static func server(action: String, sqlState: String, message: String) -> CaptureError {
        // Data exceptions and constraint violations quote values in their primary message.
        let quotesData = sqlState.hasPrefix("22") || sqlState.hasPrefix("23")
        let detail = quotesData || message.isEmpty ? "\(action) failed" : "\(action) failed: \(message)"
        let code = code(sqlState: sqlState, message: message)
        return CaptureError(code: code, detail: detail, remedy: remedy(for: code), sqlState: sqlState)
    }

    /// The error for a connection that could not be made, from libpq's text, in which verbose errors carry a SQLSTATE.
    static func connecting(to target: String, message: String) -> CaptureError {
        let state = sqlState(inVerbose: message)
        var code = state.map { Self.code(sqlState: $0, message: message) } ?? .unreachable
        if state == nil {
            let text = message.lowercased()
            if text.contains("password") || text.contains("authentication") {
                code = .authentication
            } else if text.contains("certificate") || text.contains("ssl") || text.contains("channel binding") {
                code = .tls
            } else if text.contains("invalid connection option") || text.contains("invalid sslmode")
                || text.contains("invalid port") || text.contains("invalid value")
            {
                code = .invalidConfiguration
            }
        }
        return CaptureError(
            code: code, detail: "connecting to \(target) failed: \(firstLine(message))", remedy: remedy(for: code),
            sqlState: state)
    }

    private static func code(sqlState: String, message: String) -> Code {
        switch sqlState {
        case "28000", "28P01": .authentication
        case "08P01" where message.contains("authentication"): .authentication
        case "3D000": .databaseMissing
        case "42501": .insufficientPrivilege
        case "55006": .slotInUse
        case "53300", "53400": .limitReached
        case "57P01", "57P02", "57P03", "57P05": .unreachable
        case "42704" where message.contains("replication slot"): .slotMissing
        case "42704" where message.contains("publication"): .publicationMissing
        case "42P01": .tableMissing
        case "55000" where message.contains("wal_level"): .walLevel
        case "55000" where message.contains("can no longer get changes") || message.contains("invalidated"):
            .slotInvalidated
        case "58P01" where message.contains("WAL segment"): .slotInvalidated
        case "08P01": .protocolViolation
        default: sqlState.hasPrefix("08") ? .connectionLost : .queryFailed
        }
    }

    private static func remedy(for code: Code) -> String {
        switch code {
        case .authentication: "Check database.user, database.password and the server's pg_hba.conf"
        case .unreachable: "Check database.hostname, database.port and that the server accepts connections"
        case .tls: "Check database.sslmode, database.sslrootcert and the server's certificate"
        case .databaseMissing: "Check database.dbname"
        case .walLevel: "Set wal_level = logical in postgresql.conf and restart the server"
        case .limitReached:
            "Raise max_replication_slots, max_wal_senders or max_connections, or drop what is not used"
        case .slotInvalidated:
            "Drop the slot, take a new snapshot (snapshot.mode=when_needed does both), and raise max_slot_wal_keep_size"
        default: ""
        }
    }

    /// The SQLSTATE in `FATAL:  28P01: password authentication failed …`.
    private static func sqlState(inVerbose message: String) -> String? {
        for part in message.split(separator: ":") {
            let word = part.drop { $0 == " " }
            if word.utf8.count == 5, word.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) }),
                word.utf8.contains(where: { (48...57).contains($0) })
            {
                return String(word)
            }
        }
        return nil
    }

    static func firstLine(_ message: String) -> String {
        // libpq repeats the target before the reason; the last line that has text says why.
        let lines = message.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:") }
        return lines.first.map(String.init) ?? "no reason given"
    }
}
