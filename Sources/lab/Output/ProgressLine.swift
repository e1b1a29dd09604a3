import Glibc

/// Says on standard error what is being done: one line that changes on a terminal, a line a phase elsewhere.
struct ProgressLine {
    private let stream = FileHandleStream.standardError
    private let isLive: Bool
    private var phase = ""

    init() {
        isLive = stream.isTerminal
    }

    mutating func show(_ phase: String, done: Int = 0, total: Int = 0) {
        if isLive {
            let share = total > 0 ? " \(done)/\(total)" : ""
            stream.write("\r\u{1b}[K\(phase)\(share) …")
        } else if phase != self.phase {
            stream.write("\(phase) …\n")
        }
        self.phase = phase
    }

    /// Takes the live line away, so that results start on an empty one.
    func clear() {
        if isLive { stream.write("\r\u{1b}[K") }
    }
}
