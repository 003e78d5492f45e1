internal import KafkaProtocol
internal import Synchronization

/// Codecs for whichever thread needs one: they keep working memory and belong to one thread at a time.
final class CodecPool: Sendable {
    /// A codec on its way between threads.
    private struct Idle: @unchecked Sendable {
        // SAFETY: whoever has taken it out of the pool is its only user.
        let codec: any BatchCodec
    }

    private static let countMax = 16
    private let idle = Mutex<[Idle]>([])
    private let make: @Sendable () -> any BatchCodec

    init(make: @escaping @Sendable () -> any BatchCodec) { self.make = make }

    func take() -> any BatchCodec { idle.withLock({ $0.popLast() })?.codec ?? make() }

    func giveBack(_ codec: any BatchCodec) {
        let back = Idle(codec: codec)
        idle.withLock { if $0.count < Self.countMax { $0.append(back) } }
    }
}
