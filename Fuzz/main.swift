import Foundation
import Glibc
import TailraceTesting

// tailrace-fuzz [--target NAME] [--seed N] [--iterations N] [--only ITERATION]
//
// Each iteration's input follows from the seed and its number alone. A decoder that traps ends the process; the line
// printed then names both, and `--seed S --only N` runs that input again.

nonisolated(unsafe) var currentSeed: UInt64 = 0
nonisolated(unsafe) var currentIteration: UInt64 = 0

func option(_ name: String) -> String? {
    guard let index = CommandLine.arguments.firstIndex(of: name), index + 1 < CommandLine.arguments.count else {
        return nil
    }
    return CommandLine.arguments[index + 1]
}

let seed = option("--seed").flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)
let iterations = option("--iterations").flatMap(UInt64.init) ?? 200_000
let only = option("--only").flatMap(UInt64.init)
let targets = FuzzTarget.all.filter { option("--target") == nil || option("--target") == $0.name }
guard !targets.isEmpty else {
    print("no such target; known: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
    exit(2)
}

for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
    signal(number) { number in
        // Only what is safe in a signal handler: digits into a buffer, one write.
        var digits: [UInt8] = []
        for (label, value) in [(" iteration ", currentIteration), ("trapped: seed ", currentSeed)] {
            var rest = value
            repeat {
                digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
            } while rest > 0
            digits += label.utf8.reversed()
        }
        digits.reverse()
        digits.append(UInt8(ascii: "\n"))
        _ = write(2, digits, digits.count)
        _exit(128 + number)
    }
}

currentSeed = seed
for target in targets {
    print("fuzzing \(target.name): seed \(seed), \(iterations) iterations")
    for iteration in only.map({ $0...$0 }) ?? 0...(iterations - 1) {
        currentIteration = iteration
        var mutator = Mutator(generator: SeededGenerator(seed: seed &+ iteration &* 0x2545_F491_4F6C_DD1D))
        let start = target.corpus[Int.random(in: 0..<target.corpus.count, using: &mutator.generator)]
        target.run(mutator.mutate(start, corpus: target.corpus))
    }
}
print("no trap")
