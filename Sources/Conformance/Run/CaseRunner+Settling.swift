/// Steps that are judged again and again until they are met.
extension CaseRunner {
    /// Judges a step once, or for as long as it may settle until it is met, and notes the last verdicts and how it came to
    /// them.
    ///
    /// - Parameters:
    ///   - time: how long the step may take to settle; nil: it is judged once.
    ///   - judge: gives the step's verdicts on the lab as it is.
    /// - Returns: the verdicts that count.
    mutating func settle(
        _ keyPath: String, for time: Duration?, _ judge: (CaseRunner) async throws -> [GroupVerdict]
    ) async throws -> [GroupVerdict] {
        let start = lastChange ?? .now
        let deadline = time.map { ContinuousClock.now + patience.limit($0, of: item, keyPath) }
        var settling = SettleReport(keyPath: keyPath)
        while true {
            if settling.attempts > 0 { try await stage.refresh() }
            let verdicts = try await judge(self)
            settling.attempts += 1
            let failed = verdicts.first { $0.isMet != true }
            let isLast = failed == nil || deadline.map { ContinuousClock.now >= $0 } ?? true
            guard isLast else {
                settling.firstFailure = settling.firstFailure ?? failed?.detail
                try await Task.sleep(for: .milliseconds(3))
                continue
            }
            settling.time = .now - start
            settling.isMet = failed == nil
            result.checks += verdicts
            if time != nil { result.settles.append(settling) }
            return verdicts
        }
    }
}
