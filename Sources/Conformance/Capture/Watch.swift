import Addressing
import Glibc
import Netlink
import NetworkNamespaces
import PacketCapture
import Runtime

/// The captures of a run: opened before the first probe on every interface of everybody who takes part, and kept open
/// until the end.
actor Watch {
    private let threads: NamespaceThreads
    private let directories: LabDirectories
    private var session: CaptureSession?
    private var surveys: [String: NamespaceSurvey] = [:]
    private var namespaces: [String: OpenNamespace] = [:]
    private(set) var points: [ObservationPoint] = []
    /// How many packets each point had lost at a mark, and when it was last asked.
    private var dropped: [CaptureSession.Mark: [Int]] = [:]
    private var lastDropped: [Int] = []
    /// Interfaces that cannot be captured on, with the reason.
    private(set) var blindSpots: [String] = []

    /// Bytes of a packet that are kept: all of it but on the loopback, whose packets may be larger.
    private static let snapLength = 2048

    init(threads: NamespaceThreads, directories: LabDirectories) {
        self.threads = threads
        self.directories = directories
    }

    /// Captures on the interfaces of participants that are not watched yet. Of those in one namespace the first counts,
    /// so nodes go before the pods in their network.
    func add(_ participants: [Participant]) async throws {
        var seen = Set(surveys.keys)
        let new = participants.filter { seen.insert($0.networkNamespace).inserted }
        guard !new.isEmpty else { return }
        for participant in new {
            namespaces[participant.networkNamespace] = try directories.namespaces.open(participant.networkNamespace)
        }
        let opened = namespaces
        func place(_ name: String) throws -> OpenNamespace {
            guard let namespace = opened[name] else { return try directories.namespaces.open(name) }
            return namespace
        }
        let taken = try await threads.forEach(new, in: { try place($0.networkNamespace) }) {
            try NamespaceSurvey.take(of: $0)
        }
        for survey in taken { surveys[survey.participant.networkNamespace] = survey }
        let places = taken.flatMap { survey in survey.captured.map { CapturePlace(survey.participant, $0) } }
        let captures = try await threads.forEach(places, in: { try place($0.participant.networkNamespace) }) { place in
            Result { try place.open(snapLength: Self.snapLength) }
        }
        try take(zip(places, captures))
    }

    private func take(_ opened: some Sequence<(CapturePlace, Result<OpenCapture, any Error>)>) throws {
        var captures: [OpenCapture] = []
        for (place, result) in opened {
            do {
                captures.append(try result.get())
                points.append(place.point)
            } catch CaptureError.unsupportedLinkType(_, let name) {
                blindSpots.append("\(place.point.name): its link type is \(name)")
            }
        }
        if let session { try session.add(captures) } else { session = try CaptureSession(captures) }
    }

    /// What a namespace holds.
    func survey(of participant: Participant) -> NamespaceSurvey? {
        surveys[participant.networkNamespace]
    }

    /// An open namespace of a watched participant.
    func namespace(of participant: Participant) throws -> OpenNamespace {
        if let namespace = namespaces[participant.networkNamespace] { return namespace }
        return try directories.namespaces.open(participant.networkNamespace)
    }

    /// The place behind the packets so far.
    func mark() -> CaptureSession.Mark {
        let mark = session?.mark() ?? .start
        dropped[mark] = dropped[mark] ?? lastDropped
        return mark
    }

    /// The packets since a mark, once all that the kernel has counted are read, and what the captures have lost, as
    /// sentences.
    func drained(since mark: CaptureSession.Mark) async throws -> (packets: [CapturedPacket], losses: [String]) {
        let news = try await news(since: mark)
        return (news.packets, news.losses)
    }

    /// The same, with the place behind the last packet, from which the next call misses none.
    func news(
        since mark: CaptureSession.Mark
    ) async throws -> (packets: [CapturedPacket], losses: [String], end: CaptureSession.Mark) {
        guard let session else { return ([], [], mark) }
        let statistics = try await session.drain()
        lastDropped = statistics.map(\.dropped)
        let before = dropped[mark] ?? []
        let losses = statistics.enumerated().compactMap { number, point -> String? in
            let lost = point.dropped - (number < before.count ? before[number] : 0)
            if lost > 0 { return "the capture at \(point.point.name) lost \(lost) packets" }
            return point.failure.map { "the capture at \(point.point.name) failed: \($0)" }
        }
        let (packets, end) = session.news(since: mark)
        dropped[end] = dropped[end] ?? lastDropped
        return (packets, losses, end)
    }

    /// Every point that there was, as the file of evidence needs them.
    var capturePoints: [CapturePoint] { session?.points ?? [] }

    /// Stops capturing in namespaces that are about to be removed: an open capture would keep them alive. Points keep
    /// their numbers.
    func remove(_ participants: [Participant]) async {
        let gone = Set(participants.map(\.networkNamespace))
        await session?.retire(Set(points.indices.filter { gone.contains(points[$0].networkNamespace) }))
        for name in gone {
            surveys[name] = nil
            namespaces[name] = nil
        }
    }

    /// Forgets packets that no case needs any more.
    func forget(before mark: CaptureSession.Mark) {
        session?.forget(before: mark)
        dropped = dropped.filter { $0.key >= mark }
    }

    /// Ends all captures.
    func close() async {
        await session?.close()
        namespaces.removeAll()
    }
}

/// An interface that is to be captured on.
private struct CapturePlace: Sendable {
    let participant: Participant
    let interface: String
    let point: ObservationPoint

    init(_ participant: Participant, _ link: Link) {
        self.participant = participant
        interface = link.name
        let owner: ObservationPoint.Owner =
            switch participant.kind {
            case .pod: .pod
            case .node: .node
            case .host: .host
            }
        point = ObservationPoint(
            name: "\(participant.name) \(link.name)", networkNamespace: participant.networkNamespace, owner: owner,
            station: link.address, isLoopback: link.name == "lo")
    }

    /// Opens the capture in the calling thread's namespace.
    func open(snapLength: Int) throws -> OpenCapture {
        try CaptureSession.open(
            interface: interface, name: point.name, options: CaptureOptions(snapLength: snapLength, bufferSize: 4 << 20)
        )
    }
}
