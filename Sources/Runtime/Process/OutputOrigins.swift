/// Which parts of a log were written to standard error: the places at which that changes.
///
/// Only the latest are remembered; what is older counts as standard output, for a client that lags that far behind.
struct OutputOrigins: Sendable {
    /// The most changes that are remembered.
    static let capacity = 4096

    private var changes: [(start: Int64, isError: Bool)] = []

    /// How many changes are remembered.
    var remembered: Int { changes.count }

    /// Notes that what follows a place, the log's end, is of this origin.
    mutating func append(isError: Bool, at place: Int64) {
        guard (changes.last?.isError ?? false) != isError else { return }
        if changes.count >= Self.capacity { changes.removeFirst(Self.capacity / 2) }
        changes.append((place, isError))
    }

    /// The origin of what is at a place, and where the next one begins, at most `length`.
    func origin(of place: Int64, length: Int64) -> (isError: Bool, end: Int64) {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].start <= place { low = middle + 1 } else { high = middle }
        }
        return (low > 0 && changes[low - 1].isError, low < changes.count ? changes[low].start : max(length, place))
    }
}
