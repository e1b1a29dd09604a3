/// For how long a run waits for what it expects, and what it makes of the first thing that is not so.
struct Patience: Sendable {
    /// How long a step may take to settle at most, by the id of its case and its place in the file; without an entry, as long
    /// as the file says.
    var settleLimits: [String: Duration] = [:]
    /// What the profile of a slower implementation says.
    var profile: Profile?
    /// Whether a case ends with its first step that is not met.
    var endsAtFirstFailure = false

    /// How long a step that may settle for `time` is waited for.
    func limit(_ time: Duration, of item: ConformanceCase, _ keyPath: String) -> Duration {
        let whole = max(time, profile?.settling(of: item) ?? time)
        return settleLimits[Self.key(item, keyPath)].map { min(whole, $0) } ?? whole
    }

    /// For a lab on which the suite is to fail: a step has some times as long to settle as it took where all was well.
    static func afterHealthy(_ results: [CaseResult]) -> Patience {
        var patience = Patience(endsAtFirstFailure: true)
        for result in results {
            for settle in result.settles {
                patience.settleLimits[key(result.item, settle.keyPath)] = max(least, settle.time * factor)
            }
        }
        return patience
    }

    private static let factor = 4
    private static let least = Duration.milliseconds(1500)

    private static func key(_ item: ConformanceCase, _ keyPath: String) -> String { "\(item.id) \(keyPath)" }
}
