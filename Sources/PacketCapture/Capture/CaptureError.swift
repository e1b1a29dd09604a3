/// Why capturing failed.
public enum CaptureError: Error, Hashable, Sendable {
    /// The interface could not be opened for capture.
    case open(interface: String, reason: String)
    /// The interface's packets have no Ethernet header (a tun device, the pseudo-device `any`), so they cannot be decoded.
    case unsupportedLinkType(interface: String, name: String)
    /// The filter is not valid or the kernel refused it.
    case filter(expression: String, interface: String, reason: String)
    /// The loopback carried traffic at every try to open it, so that its packets could not be counted exactly.
    case loopbackBusy(interface: String)
    /// The handle was already given to a session.
    case handleInUse(point: String)
    /// The reading thread or its wake-up could not be made.
    case thread(reason: String)
    /// Not all packets that the kernel had counted could be read in time. Which points lag behind, and by how many.
    case notDrained([CaptureStatistics])
    /// The session is closed.
    case closed
}

extension CaptureError: CustomStringConvertible {
    /// What was attempted, what went wrong and what to do.
    public var description: String {
        switch self {
        case .open(let interface, let reason):
            "cannot capture on \(interface): \(reason). The interface must exist in the thread's network namespace, "
                + "and capturing needs CAP_NET_RAW."
        case .unsupportedLinkType(let interface, let name):
            "cannot decode the packets of \(interface): their link type is \(name), not Ethernet. "
                + "Capture on the veth or bridge in front of it."
        case .filter(let expression, let interface, let reason):
            "cannot use the capture filter '\(expression)' on \(interface): \(reason). See pcap-filter(7)."
        case .loopbackBusy(let interface):
            "cannot start an exact capture on \(interface): traffic passed at every try. Start it before the traffic."
        case .handleInUse(let point):
            "the capture at \(point) already belongs to a session. Open it again for another one."
        case .thread(let reason):
            "cannot start the thread that reads captures: \(reason)"
        case .notDrained(let points):
            "packets are still unread: "
                + points.map { "\($0.outstanding) at \($0.point.name)\($0.failure.map { " (\($0))" } ?? "")" }
                .joined(separator: ", ") + ". Allow more time, or a larger capture buffer."
        case .closed:
            "the capture is closed"
        }
    }
}
