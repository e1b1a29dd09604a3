internal import Glibc
internal import Topology

/// What a container of an image runs on this host, which has programs instead of images.
public enum Image: Hashable, Sendable {
    /// The built-in server, inside the supervisor.
    case builtinServer
    /// The cluster's DNS, inside the supervisor or a program that it tells the records.
    case clusterDNS
    /// A program of the host, with the arguments that make it stay inside its container's directory.
    case program([String])

    /// The images that are known by the last part of their name, without registry, tag and digest.
    static let known: [String: Entry] = [
        "agnhost": Entry(program: nil),
        "netexec": Entry(program: nil),
        "echoserver": Entry(program: nil),
        "whoami": Entry(program: nil),
        "pause": Entry(program: "sleep", idle: true),
        "nginx": Entry(program: "nginx", entrypoint: []),
        "redis": Entry(program: "redis-server", entrypoint: []),
        "busybox": Entry(program: "sleep", idle: true, entrypoint: [], shells: ["sh"]),
        "alpine": Entry(program: "sleep", idle: true, entrypoint: [], shells: ["sh"]),
        "debian": Entry(program: "sleep", idle: true, entrypoint: [], shells: ["bash", "sh"]),
        "ubuntu": Entry(program: "sleep", idle: true, entrypoint: [], shells: ["bash", "sh"]),
        "curl": Entry(program: "sleep", idle: true, entrypoint: ["curl"]),
        "netshoot": Entry(program: "sleep", idle: true, entrypoint: [], shells: ["zsh", "bash", "sh"]),
    ]

    struct Entry: Hashable, Sendable {
        /// The program on this host; nil: the built-in server. Where it is not installed, the built-in server stands in.
        let program: String?
        /// Whether the image is for people and scripts to run commands in: it waits.
        var idle = false
        /// What the arguments of a container that names no command are arguments of, as in the image: with none, the first
        /// is a program. nil: the image's program takes them.
        var entrypoint: [String]?
        /// What runs for somebody who wants to type, the first that is installed.
        var shells: [String] = []
    }

    /// `registry.k8s.io/e2e-test-images/agnhost:2.53` is `agnhost`.
    static func shortName(_ image: String) -> String {
        let last = image.split(separator: "/").last.map(String.init) ?? image
        let name = last.prefix { $0 != ":" && $0 != "@" }
        // curlimages/curl, bitnami/redis and the like; nginx-unprivileged counts as nginx.
        return name.split(separator: "-").first.map(String.init) ?? String(name)
    }

    /// The path of a program in the usual directories, or nil where it is not installed.
    static func installed(_ program: String) -> String? {
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
            .map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

/// A container cannot be started yet (core/v1 ContainerStateWaiting).
struct ContainerWaiting: Error, Hashable, Sendable {
    let reason: String
    let message: String
}

extension ContainerSpec {
    /// What the container runs.
    ///
    /// - Parameter scratch: a directory for the container's own files.
    /// - Throws: `ContainerWaiting` for an image that nobody knows, `StateError` for files that cannot be written.
    func resolve(scratch: String) throws -> Image {
        if !command.isEmpty { return .program(command + arguments) }
        if isClusterDNS { return .clusterDNS }
        guard let entry = Image.known[Image.shortName(image)] else {
            throw ContainerWaiting(
                reason: "ErrImagePull",
                message: "the image '\(image)' is not known here; give the container a command, or use one of "
                    + Image.known.keys.sorted().joined(separator: ", "))
        }
        let arguments = ownArguments(of: entry)
        if let entrypoint = entry.entrypoint, let first = arguments.first, entry.idle || !Self.isOption(first) {
            return .program(entrypoint + arguments)
        }
        if hasInput, let shell = entry.shells.lazy.compactMap(Image.installed).first { return .program([shell]) }
        guard let name = entry.program, let program = Image.installed(name) else { return .builtinServer }
        if entry.idle { return .program([program, "infinity"]) }
        switch name {
        case "nginx": return .program(try Nginx.command(program, for: self, scratch: scratch) + arguments)
        case "redis-server": return .program(try Redis.command(program, for: self, scratch: scratch) + arguments)
        default: return .program([program] + arguments)
        }
    }

    /// The arguments, without the program that they repeat: `nginx -g "daemon off;"`, as in the image, is nginx.
    private func ownArguments(of entry: Image.Entry) -> [String] {
        guard !entry.idle, let program = entry.program, arguments.first == program else { return arguments }
        var rest = Array(arguments.dropFirst())
        // The configuration says so already, and nginx takes it once only.
        if rest.count >= 2, rest[0] == "-g", rest[1].hasPrefix("daemon off") { rest.removeFirst(2) }
        return rest
    }

    /// Whether an image's entrypoint takes an argument for one of its server instead of for a program.
    private static func isOption(_ argument: String) -> Bool { argument.hasPrefix("-") || argument.hasSuffix(".conf") }

    /// Whether the container is the cluster's DNS, which answers from the lab's objects.
    var isClusterDNS: Bool { image == LabSpec.dnsImage || image.hasPrefix("\(LabSpec.dnsImage)/") }

    /// Whether the built-in server stands for the container's image.
    var isForBuiltinServer: Bool {
        guard command.isEmpty, let entry = Image.known[Image.shortName(image)] else { return false }
        return entry.program.flatMap { Image.installed($0) } == nil
    }

    /// The TCP and UDP ports that the built-in server listens on for this container.
    var servedPorts: [ContainerPort] {
        let wanted = ports.filter { $0.transport != .sctp }
        guard wanted.isEmpty else { return wanted }
        switch Image.shortName(image) {
        case "nginx", "whoami": return [ContainerPort(containerPort: 80)]
        case "redis": return [ContainerPort(containerPort: 6379)]
        default: return ContainerSpec.builtinServer.ports
        }
    }
}
