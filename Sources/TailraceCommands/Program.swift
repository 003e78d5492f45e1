import ArgumentParser

/// The program's entry.
public enum Program {
    public static func main() async { await Tailrace.main() }
}
