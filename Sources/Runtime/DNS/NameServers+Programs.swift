internal import Addressing
internal import ClusterDNS
internal import Logging
internal import Topology

/// DNS servers that others wrote, which are told the records in files.
extension NameServers {
    /// The server, where it is another's.
    var packaged: PackagedServer? {
        kind.flatMap { PackagedServer.Program(rawValue: $0.rawValue) }.map { PackagedServer($0, resolver.settings) }
    }

    /// Has `tell` called when a program's files have changed, with the signal at which it reads them; nil: it has to be
    /// started again.
    func whenChanged(_ tell: @escaping @Sendable (Int32?) async -> Void) { self.tell = tell }

    /// What another's server in a pod is started with, its files written; nil for the built-in one.
    ///
    /// - Throws: `ContainerWaiting` where the program is not installed.
    func program(in directory: String, of pod: PodSpec) throws -> [String]? {
        guard let packaged else { return nil }
        guard let path = Image.installed(packaged.executable) else {
            throw ContainerWaiting(
                reason: "ErrImagePull",
                message:
                    "\(packaged.executable) is not installed; install \(packaged.package), or write dns = \"builtin\"")
        }
        catchUp()
        place = (directory, pod.address)
        try StateFile.createDirectory(directory)
        try writeFiles()
        starts += 1
        started = .now
        return [path] + packaged.arguments(in: directory)
    }

    /// Tells a server that an earlier process has started the records, and what changes of them from now on.
    func adoptProgram(in directory: String, of pod: PodSpec) async {
        guard packaged != nil else { return }
        starts = max(starts, 1)
        place = (directory, pod.address)
        isStale = true
        await tellProgram()
    }

    /// How long a program is to be left alone. One that has just begun may not have said yet what it makes of a signal,
    /// and would be ended by it.
    private func rest(before reload: PackagedServer.Reload) -> Duration {
        guard case .signal = reload else { return .zero }
        return started + .seconds(1) - .now
    }

    private func writeFiles() throws {
        guard let packaged, let place else { return }
        serial &+= 1
        let files = packaged.files(records, addresses: place.addresses, in: place.directory, serial: serial)
        for (name, text) in files {
            try StateFile.replace("\(place.directory)/\(name)", with: Array(text.utf8))
        }
        isStale = false
    }

    /// Tells a program what has changed. Changes that come together are told together: each costs it its whole files.
    func tellProgram() async {
        guard isStale, place != nil, let packaged else { return }
        do {
            try await Task.sleep(for: max(.milliseconds(20), rest(before: packaged.reload)))
            catchUp()
            try writeFiles()
            switch packaged.reload {
            case .signal(let signal): await tell?(signal)
            case .restart:
                // Not one of those that somebody has to know of.
                starts -= 1
                await tell?(nil)
            case .none: break
            }
        } catch is CancellationError {
            return
        } catch {
            logger.error("\(packaged.executable) answers from old records: \(error)")
        }
    }
}
