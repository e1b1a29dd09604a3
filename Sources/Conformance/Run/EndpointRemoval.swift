import Addressing
import Glibc
import KubernetesModel

/// An endpoint that a step has taken away, and what was still led to it.
struct EndpointRemoval {
    let endpoint: Endpoint
    /// When the step began, in nanoseconds since 1970, as captures count.
    let began: UInt64
    /// Whose endpoint it was.
    let owner: Participant?
    /// When the last packet was on its way to it after that; nil: none was.
    private var last: UInt64?

    init(endpoint: Endpoint, began: UInt64, owner: Participant?) {
        self.endpoint = endpoint
        self.began = began
        self.owner = owner
    }

    mutating func sawPacket(at time: UInt64) {
        if time > began { last = max(last ?? 0, time) }
    }

    /// Now, as captures count.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    var report: ConvergenceReport {
        ConvergenceReport(
            endpoint: owner.map { "\($0.name) \(endpoint)" } ?? "\(endpoint)",
            lastStray: last.map { .nanoseconds(Int64($0 - began)) })
    }
}

/// How long new flows were still led to an endpoint after the step that took it away.
public struct ConvergenceReport: Hashable, Sendable {
    /// The endpoint.
    public var endpoint: String
    /// From the beginning of the step to the last packet that was led there; nil: none was.
    public var lastStray: Duration?
}

/// How a step came to be met.
public struct SettleReport: Hashable, Sendable {
    /// Where the step stands in its file.
    public var keyPath: String
    /// How often it was carried out.
    public var attempts = 0
    /// From the beginning of the last change to the end of the first attempt that was met for good.
    public var time: Duration = .zero
    /// What was wrong at the first attempt; nil where that was met.
    public var firstFailure: String?
    /// Whether the last attempt was met.
    public var isMet = false

    init(keyPath: String) {
        self.keyPath = keyPath
    }
}

extension ClusterSnapshot {
    /// The endpoints of all Services that new flows may be led to.
    var readyEndpoints: Set<Endpoint> {
        var found: Set<Endpoint> = []
        for slice in endpointSlices where slice.serviceName != nil {
            for endpoint in slice.endpoints where endpoint.isReady {
                guard let address = endpoint.address else { continue }
                for port in slice.ports { if let number = port.number { found.insert(Endpoint(address, number)) } }
            }
        }
        return found
    }
}
