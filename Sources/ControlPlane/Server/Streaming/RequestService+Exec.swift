internal import KubernetesModel
internal import NIOCore

extension RequestService {
    /// What exec and attach are spoken in.
    private static let channelProtocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"]

    /// Runs a program in a container.
    func exec(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        let query = request.query
        let (_, container) = try container(key, query)
        let command = query.all("command")
        guard !command.isEmpty else { throw .badRequest("you must specify at least 1 command for the container") }
        let handshake = try WebSocketHandshake(request, protocols: Self.channelProtocols)
        let exec = ExecRequest(
            container: container, command: command, hasInput: query.flag("stdin"), hasTerminal: query.flag("tty"))
        do throws(APIStatus) {
            let process = try await runtime.exec(in: key, exec)
            let session = ExecSession(
                process, hasTerminal: exec.hasTerminal, subprotocol: handshake.subprotocol, eventLoop: group.next())
            return handshake.answer { await session.run($0) }
        } catch {
            return handshake.refuse(error)
        }
    }

    /// Joins a client with a container's program. Those that have neither input nor terminal show what they write.
    ///
    /// It begins with what is written from now on, as attaching does, unless the container asks for input or a terminal and
    /// the client is its first: so is `kubectl run -it`, which attaches to a program that it has just started and that
    /// may be done already.
    func attach(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        let (pod, container) = try container(key, request.query)
        let handshake = try WebSocketHandshake(request, protocols: Self.channelProtocols)
        do throws(APIStatus) {
            if let attachment = try await runtime.attach(
                to: key, container: container, hasInput: request.query.flag("stdin"))
            {
                let session = ConsoleSession(
                    attachment, subprotocol: handshake.subprotocol, pieceBytes: limits.pieceBytes,
                    eventLoop: group.next())
                return handshake.answer { await session.run($0) }
            }
            let log = try await runtime.log(of: key, container: container, previous: false)
            let session = AttachSession(
                log: log, file: try LogFile(log.path), subprotocol: handshake.subprotocol,
                pieceBytes: limits.pieceBytes, showsAll: Self.isInteractive(container, of: pod))
            return handshake.answer { await session.run($0) }
        } catch {
            return handshake.refuse(error)
        }
    }

    private static func isInteractive(_ container: String?, of pod: APIObject) -> Bool {
        let containers = pod["spec", "containers"]?.array ?? []
        let found = containers.first { container == nil || $0["name"]?.string == container }
        return found?["stdin"]?.bool == true || found?["tty"]?.bool == true
    }

    /// A pod and the container that is meant; nil leaves the choice to who runs it.
    private func container(
        _ key: ObjectKey, _ query: Query
    ) throws(APIStatus) -> (pod: APIObject, container: String?) {
        guard let pod = store.object(key)?.object else { throw .notFound(key) }
        guard let name = query["container"], !name.isEmpty else { return (pod, nil) }
        let lists = ["containers", "initContainers", "ephemeralContainers"]
        let known = lists.flatMap { pod["spec", $0]?.array ?? [] }.compactMap { $0["name"]?.string }
        guard known.isEmpty || known.contains(name) else {
            throw .badRequest("container \(name) is not valid for pod \(key.name)")
        }
        return (pod, name)
    }
}
