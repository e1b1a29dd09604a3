import Glibc

/// How often something happens in independent trials, exactly: what a fair choice among endpoints may look like.
struct Binomial {
    /// How many trials.
    let trials: Int
    /// How probable it is in each.
    let probability: Double

    /// The probability that it happens that many times.
    func mass(_ count: Int) -> Double {
        guard (0...trials).contains(count) else { return 0 }
        guard probability > 0, probability < 1 else {
            return count == (probability > 0 ? trials : 0) ? 1 : 0
        }
        let (n, k) = (Double(trials), Double(count))
        let ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        return exp(ways + k * log(probability) + (n - k) * log(1 - probability))
    }

    /// The counts between which it stays, but for so much of probability on each side.
    func interval(tail: Double) -> ClosedRange<Int> {
        var (low, below) = (0, mass(0))
        while below <= tail, low < trials {
            low += 1
            below += mass(low)
        }
        var (high, above) = (trials, mass(trials))
        while above <= tail, high > low {
            high -= 1
            above += mass(high)
        }
        return low...high
    }
}
