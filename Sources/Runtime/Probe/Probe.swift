internal import Addressing
internal import KubernetesModel

/// How a container is asked whether it is well (core/v1 Probe).
struct Probe: Hashable, Sendable {
    /// What is asked.
    enum Action: Hashable, Sendable {
        case tcp(host: String?, port: UInt16)
        case http(host: String?, port: UInt16, path: String, headers: [Header])
        case exec([String])
    }

    /// A header of an HTTP request.
    struct Header: Hashable, Sendable {
        var name: String
        var value: String
    }

    /// What a probe decides.
    enum Purpose: String, Hashable, Sendable, CaseIterable {
        case startup = "startupProbe"
        case readiness = "readinessProbe"
        case liveness = "livenessProbe"

        /// As events name it.
        var title: String {
            switch self {
            case .startup: "Startup"
            case .readiness: "Readiness"
            case .liveness: "Liveness"
            }
        }
    }

    let purpose: Purpose
    let action: Action
    /// Seconds from the container's start to the first try.
    let initialDelay: Int64
    /// Seconds between tries.
    let period: Int64
    /// Seconds that a try may take.
    let timeout: Int64
    /// Successes in a row that count as success.
    let successThreshold: Int64
    /// Failures in a row that count as failure.
    let failureThreshold: Int64

    /// Reads a container's probe; nil where it has none of that purpose, or one of a form that is not run here (gRPC).
    init?(_ purpose: Purpose, of container: JSONValue) {
        guard let probe = container[purpose.rawValue], let action = Self.action(probe, container) else { return nil }
        self.purpose = purpose
        self.action = action
        initialDelay = max(0, probe["initialDelaySeconds"]?.integer ?? 0)
        period = max(1, probe["periodSeconds"]?.integer ?? 10)
        timeout = max(1, probe["timeoutSeconds"]?.integer ?? 1)
        successThreshold = max(1, probe["successThreshold"]?.integer ?? 1)
        failureThreshold = max(1, probe["failureThreshold"]?.integer ?? 3)
    }

    private static func action(_ probe: JSONValue, _ container: JSONValue) -> Action? {
        if let exec = probe["exec"] {
            let command = (exec["command"]?.array ?? []).compactMap(\.string)
            return command.isEmpty ? nil : .exec(command)
        }
        if let tcp = probe["tcpSocket"], let port = port(tcp["port"], container) {
            return .tcp(host: tcp["host"]?.string, port: port)
        }
        guard let http = probe["httpGet"], let port = port(http["port"], container) else { return nil }
        let headers = (http["httpHeaders"]?.array ?? []).compactMap { header -> Header? in
            guard let name = header["name"]?.string else { return nil }
            return Header(name: name, value: header["value"]?.string ?? "")
        }
        let path = http["path"]?.string ?? "/"
        return .http(
            host: http["host"]?.string, port: port, path: path.hasPrefix("/") ? path : "/\(path)", headers: headers)
    }

    /// A port by number or by the name that the container gives it.
    private static func port(_ value: JSONValue?, _ container: JSONValue) -> UInt16? {
        if let number = value?.integer { return UInt16(exactly: number) }
        guard let name = value?.string else { return nil }
        if let number = UInt16(name) { return number }
        let port = container["ports"]?.array?.first { $0["name"]?.string == name }
        return port?["containerPort"]?.integer.flatMap { UInt16(exactly: $0) }
    }
}

/// What a probe's tries add up to.
struct ProbeCount: Hashable, Sendable {
    private var successes: Int64 = 0
    private var failures: Int64 = 0

    /// Counts a try.
    ///
    /// - Returns: the verdict once there have been enough tries of one kind in a row, else nil.
    mutating func count(_ succeeded: Bool, _ probe: Probe) -> Bool? {
        if succeeded {
            successes += 1
            failures = 0
            return successes >= probe.successThreshold ? true : nil
        }
        failures += 1
        successes = 0
        return failures >= probe.failureThreshold ? false : nil
    }
}
