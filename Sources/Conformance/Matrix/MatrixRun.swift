import Glibc
public import Topology

/// Runs the suite once for each of several service proxies, on a fresh lab each.
public struct MatrixRun: Sendable {
    private let suite: ConformanceSuite
    private let spec: LabSpec
    private let proxies: [ServiceProxyKind]
    private let options: ConformanceRun.Options

    /// Prepares a run.
    /// - Parameters:
    ///   - spec: the lab that is built for each proxy, under another name.
    ///   - options: what the caller chooses; evidence is kept in a directory a proxy.
    public init(
        _ suite: ConformanceSuite, spec: LabSpec, proxies: [ServiceProxyKind],
        options: ConformanceRun.Options = ConformanceRun.Options()
    ) {
        self.suite = suite
        self.spec = spec
        self.proxies = proxies
        self.options = options
    }

    /// Runs the suite on each.
    /// - Throws: what keeps a lab from being built or removed, or the suite from running on it.
    public func run<Factory: LabFactory>(
        with factory: Factory, progress: @escaping @Sendable (MatrixProgress) -> Void = { _ in }
    ) async throws -> MatrixReport {
        var reports: [ConformanceReport] = []
        for (number, proxy) in proxies.enumerated() {
            try Task.checkCancellation()
            progress(.building(proxy, number: number + 1, of: proxies.count))
            reports.append(try await report(on: proxy, with: factory) { progress(.running(proxy, $0)) })
        }
        return MatrixReport(reports)
    }

    private func report<Factory: LabFactory>(
        on proxy: ServiceProxyKind, with factory: Factory,
        progress: @escaping @Sendable (ConformanceProgress) -> Void
    ) async throws -> ConformanceReport {
        var spec = spec
        spec.name = "matrix-\(getpid())"
        spec.components.serviceProxy = proxy
        var options = options
        options.evidenceDirectory = options.evidenceDirectory.map { "\($0)/\(proxy.rawValue)" }
        let lab = try await factory.bringUp(spec)
        do {
            let report = try await ConformanceRun(suite, options: options).run(on: lab, progress: progress)
            try await factory.takeDown(lab)
            return report
        } catch {
            try? await factory.takeDown(lab)
            throw error
        }
    }
}

/// How a run over several proxies goes on.
public enum MatrixProgress: Sendable {
    /// A lab with the proxy is being built.
    case building(ServiceProxyKind, number: Int, of: Int)
    /// The suite runs on it.
    case running(ServiceProxyKind, ConformanceProgress)
}
