import NetworkNamespaces

/// Several namespace threads, for work that mostly waits in the kernel.
struct NamespaceThreads: Sendable {
    private let threads: [NamespaceThread]
    private let visitors: [NamespaceVisitor]

    init(count: Int) throws {
        threads = try (0..<count).map { _ in try NamespaceThread.start() }
        visitors = threads.map { NamespaceVisitor($0) }
    }

    /// Lets the threads end.
    func stop() {
        for thread in threads { thread.stop() }
    }

    /// Runs a piece of work for each element inside its namespace, several at once, and gives the results in order.
    /// - Parameters:
    ///   - elements: what to work on.
    ///   - namespace: the namespace of an element.
    func forEach<Element: Sendable, Result: Sendable>(
        _ elements: [Element], in namespace: (Element) throws -> OpenNamespace,
        _ body: @escaping @Sendable (Element) throws -> Result
    ) async throws -> [Result] {
        let places = try elements.map(namespace)
        return try await withThrowingTaskGroup(of: [(Int, Result)].self) { group in
            for (number, visitor) in visitors.enumerated() where number < elements.count {
                let share = stride(from: number, to: elements.count, by: visitors.count).map {
                    ($0, places[$0], elements[$0])
                }
                group.addTask {
                    var results: [(Int, Result)] = []
                    for (index, place, element) in share {
                        results.append((index, try await visitor.inside(place) { try body(element) }))
                    }
                    return results
                }
            }
            var results: [(Int, Result)] = []
            for try await part in group { results += part }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
