internal import ControlPlane
internal import KubernetesModel

/// The objects as a DNS with a fault sees them.
struct FaultyNames {
    private let fault: DNSFault
    /// Slices that were seen once.
    private var known: Set<ObjectKey> = []
    /// The Services that there is room for.
    private var held: Set<ObjectKey> = []

    init(_ fault: DNSFault) { self.fault = fault }

    /// What the DNS makes of a change; nil where it does not notice.
    mutating func seen(_ object: APIObject, _ key: ObjectKey, isDeleted: Bool) -> APIObject? {
        switch (key.type, fault) {
        case (.services, .servesDeletedServices): return isDeleted ? nil : object
        case (.services, .holdsThousand):
            if isDeleted { return held.remove(key) == nil ? nil : object }
            guard held.contains(key) || held.count < 1000 else { return nil }
            held.insert(key)
            return object
        case (.services, .srvOfFirstPort): return object.changing("spec", "ports") { Array($0.prefix(1)) }
        case (.services, .forgetsExternalNames):
            return object["spec", "type"]?.string == "ExternalName" ? nil : object
        case (.services, .ignoresPublishNotReady):
            var object = object
            object["spec", "publishNotReadyAddresses"] = false
            return object
        case (.endpointSlices, _): return slice(object, key, isDeleted: isDeleted)
        default: return object
        }
    }

    private mutating func slice(_ object: APIObject, _ key: ObjectKey, isDeleted: Bool) -> APIObject? {
        let isNew = known.insert(key).inserted
        switch fault {
        case .stale:
            // The first endpoints that a slice has stay.
            if !isNew || isDeleted { return nil }
            if object["endpoints"]?.array?.isEmpty ?? true { known.remove(key) }
            return object
        case .srvOfFirstPort: return object.changing("ports") { Array($0.prefix(1)) }
        case .listsUnready: return object.changingEndpoints { $0["conditions"] = ["ready": true] }
        case .forgetsHostnames: return object.changingEndpoints { $0["hostname"] = nil }
        case .ignoresPublishNotReady:
            return object.changing("endpoints") { endpoints in
                // Whether the pods themselves are ready is not said; those with a probe that fails are known by their serving.
                endpoints.filter { $0["conditions"]?["serving"]?.bool ?? true }
            }
        default: return object
        }
    }
}

extension APIObject {
    fileprivate func changing(_ path: String..., body: ([JSONValue]) -> [JSONValue]) -> APIObject {
        var object = self
        switch path.count {
        case 1: object[path[0]] = (object[path[0]]?.array).map { .array(body($0)) }
        default: object[path[0], path[1]] = (object[path[0], path[1]]?.array).map { .array(body($0)) }
        }
        return object
    }

    fileprivate func changingEndpoints(_ body: (inout [String: JSONValue]) -> Void) -> APIObject {
        changing("endpoints") { endpoints in
            endpoints.map { endpoint in
                var fields = endpoint.object ?? [:]
                body(&fields)
                return .object(fields)
            }
        }
    }
}
