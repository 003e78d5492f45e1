/// Waits until `condition` holds, asking again every few milliseconds.
///
/// Tests await what they need instead of sleeping for as long as it usually takes.
/// The deadline is for a machine that does much else at the same time; nothing waits for it but a test that fails.
/// - Throws: ``FixtureError`` naming `what` when `deadline` has passed, and whatever `condition` throws.
public func eventually(
    _ what: @autoclosure () -> String, within deadline: Duration = .seconds(120),
    every pause: Duration = .milliseconds(5),
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: deadline)
    while try await !condition() {
        guard clock.now < end else { throw FixtureError("not within \(deadline): \(what())") }
        try await clock.sleep(for: pause)
    }
}
