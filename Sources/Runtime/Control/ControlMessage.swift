internal import FoundationEssentials
public import Topology

/// What the command line asks of a lab's supervisor. A message is a line of JSON.
public enum ControlRequest: Sendable, Codable {
    /// Build the lab, or converge it, to the spec in the next line.
    case up
    /// Stop the `up` under way and remove what it has made.
    case cancel
    /// Say what every container is doing.
    case status
    /// Say how the components do.
    case components
}

/// A request as it is sent.
public struct EncodedRequest: Sendable {
    let line: [UInt8]

    /// Encodes a request.
    public init(_ request: ControlRequest) throws {
        line = Array(try JSONEncoder().encode(request) + [UInt8(ascii: "\n")])
    }

    /// Asks for a lab to be built, or converged, to a spec, which has a line to itself: the supervisor writes it down as
    /// it is.
    public init(up spec: LabSpec) throws {
        line = try EncodedRequest(.up).line + StateFile.encoded(spec) + [UInt8(ascii: "\n")]
    }
}

/// What a supervisor answers, in as many lines as it takes.
public enum ControlEvent: Sendable, Codable {
    /// So much of the work is done.
    case progress(phase: String, done: Int, total: Int)
    /// The lab is as its spec says.
    case finished(UpSummary)
    /// The request could not be carried out.
    case failed(ControlFailure)
    /// The supervisor is about to end, since an earlier request could not be carried out: ask a new one.
    case retired
    /// What every container is doing.
    case status([ContainerStatus])
    /// How the components do.
    case components([ComponentStatus])
}

/// What an `up` has done.
public struct UpSummary: Hashable, Sendable, Codable {
    /// How many changes the kernel was asked for; 0 where everything was as it should be.
    public var changes: Int
    /// The containers that do not run, and why.
    public var notReady: [ContainerStatus]
}

/// Why a request failed.
public struct ControlFailure: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// What went wrong, for a person.
    public var message: String
    /// Whether the host lacks something that the lab needs.
    public var isHostLacking: Bool
    /// Whether it was asked to stop.
    public var isCancelled: Bool

    init(_ error: any Error) {
        message = "\(error)"
        isHostLacking = (error as? BuildError)?.isHostLacking ?? false
        isCancelled = error is CancellationError
        if isCancelled { message = "stopped; what this run had made is removed" }
    }

    init(message: String) {
        self.message = message
        isHostLacking = false
        isCancelled = false
    }

    /// The message.
    public var description: String { message }
}
