internal import KubernetesModel

/// A Pod's containers, by their names.
extension APIObject {
    /// The containers (core/v1 Container).
    var containers: [JSONValue] { self["spec", "containers"]?.array ?? [] }

    /// A container, or nil.
    func container(_ name: String) -> JSONValue? { Self.element(name, of: containers) }

    /// What the status tells of a container (core/v1 ContainerStatus), or nil.
    func containerStatus(_ name: String) -> JSONValue? {
        Self.element(name, of: self["status", "containerStatuses"]?.array ?? [])
    }

    private static func element(_ name: String, of list: [JSONValue]) -> JSONValue? {
        list.first { $0["name"]?.string == name }
    }
}
