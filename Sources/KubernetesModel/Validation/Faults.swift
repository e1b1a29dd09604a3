/// Gathers what is wrong with an object, in the order of the API server's own checks. Each kind adds its checks in an
/// extension. Objects are taken as they are after decoding and defaulting; anything else is passed over, not crashed
/// on.
struct Faults {
    private(set) var found: [FieldError] = []

    /// No more than this many are told of one object, so that a hostile one cannot ask for a huge answer.
    static let limit = 200

    /// Values that are longer than this many bytes are shown by their beginning.
    private static let shownLimit = 2048

    mutating func add(_ fault: FieldError) {
        if found.count < Self.limit { found.append(Self.bounded(fault)) }
    }

    private static func bounded(_ fault: FieldError) -> FieldError {
        guard let value = fault.value else { return fault }
        let text = value.string ?? value.text
        guard text.utf8.count > shownLimit else { return fault }
        let beginning = String(decoding: text.utf8.prefix(shownLimit), as: UTF8.self)
        return FieldError(fault.kind, fault.field, value: .string("\(beginning)..."), fault.detail)
    }

    mutating func invalid(_ path: String, _ value: JSONValue?, _ detail: String) {
        add(.invalid(path, value ?? .null, detail))
    }

    /// Adds every complaint about one value.
    mutating func invalid(_ path: String, _ value: String, _ details: [String]) {
        for detail in details { add(.invalid(path, .string(value), detail)) }
    }

    /// Adds all complaints about one value as one.
    mutating func joined(_ path: String, _ value: String, _ details: [String]) {
        if !details.isEmpty { invalid(path, .string(value), details.joined(separator: ";")) }
    }

    mutating func required(_ path: String, _ detail: String = "") { add(.required(path, detail)) }

    mutating func forbidden(_ path: String, _ detail: String) { add(.forbidden(path, detail)) }

    mutating func duplicate(_ path: String, _ value: JSONValue) { add(.duplicate(path, value)) }

    mutating func tooLong(_ path: String, _ limit: Int) {
        add(FieldError(.tooLong, path, "may not be more than \(limit) bytes"))
    }

    mutating func tooMany(_ path: String, _ count: Int, _ limit: Int) {
        add(FieldError(.tooMany, path, value: .integer(Int64(count)), "must have at most \(limit) items"))
    }

    mutating func notFound(_ path: String, _ value: String) {
        add(FieldError(.notFound, path, value: .string(value)))
    }

    /// A text that has to be one of a few, which are told in this order.
    mutating func supported(_ path: String, _ value: String, _ supported: [String]) {
        guard !supported.contains(value) else { return }
        let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        add(FieldError(.notSupported, path, value: .string(value), "supported values: \(list)"))
    }

    /// A text that has to be there and one of a few.
    mutating func requiredAndSupported(_ path: String, _ value: String?, _ supported: [String]) {
        if let value { self.supported(path, value, supported) } else { required(path) }
    }

    mutating func immutable(_ path: String, _ new: JSONValue?, _ old: JSONValue?) {
        if !Self.isSame(new, old) { invalid(path, new, "field is immutable") }
    }

    mutating func port(_ path: String, _ number: Int64) {
        if !(1...65535).contains(number) {
            invalid(path, .integer(number), "must be between 1 and 65535, inclusive")
        }
    }

    /// A number or name of a port.
    mutating func portNumberOrName(_ path: String, _ value: JSONValue?) {
        switch value {
        case .integer(let number): port(path, number)
        case .string(let name): invalid(path, name, Naming.portNameFaults(name))
        case nil: port(path, 0)
        default: break
        }
    }

    mutating func nonNegative(_ path: String, _ value: JSONValue?) {
        if let number = value?.integer, number < 0 {
            invalid(path, value, "must be greater than or equal to 0")
        }
    }
}

extension ResourceType {
    /// What the API server would refuse about an object of this kind that is to be created: fields in its order and its
    /// words. The object is decoded and has its defaults, addresses and ports.
    public func faults(of object: APIObject) -> [FieldError] {
        var faults = Faults()
        faults.metadata(object.metadata, of: self)
        faults.content(object.value, of: self)
        return faults.found
    }

    /// What the API server would refuse about an object of this kind that is to replace another one: what is wrong with
    /// it by itself, and what may not change. The spec of a pod is not looked at again where it stays as it is.
    public func faults(of object: APIObject, replacing old: APIObject) -> [FieldError] {
        var faults = Faults()
        faults.metadataChange(object.metadata, replacing: old.metadata, of: self)
        let isStatusOnly = self == .pods && object["spec"] == old["spec"]
        if !isStatusOnly { faults.change(object.value, replacing: old.value, of: self) }
        faults.metadata(object.metadata, of: self)
        if isStatusOnly { faults.podStatus(object.value) } else { faults.content(object.value, of: self) }
        return faults.found.reduce(into: []) { all, fault in if !all.contains(fault) { all.append(fault) } }
    }
}

extension Faults {
    fileprivate mutating func content(_ value: JSONValue, of type: ResourceType) {
        switch type {
        case .services: service(value)
        case .endpoints: endpoints(value)
        case .endpointSlices: endpointSlice(value)
        case .networkPolicies: networkPolicy(value)
        case .ingresses: ingress(value)
        case .ingressClasses: ingressClass(value)
        case .serviceCIDRs: serviceCIDR(value)
        case .pods: pod(value)
        case .deployments: deployment(value)
        case .replicaSets: replicaSet(value)
        case .configMaps: configMap(value)
        case .secrets: secret(value)
        case .nodes: node(value)
        case .namespaces: namespace(value)
        case .events: event(value)
        case .leases: lease(value)
        default: break
        }
    }

    fileprivate mutating func change(_ new: JSONValue, replacing old: JSONValue, of type: ResourceType) {
        switch type {
        case .services: serviceChange(new, replacing: old)
        case .endpointSlices: immutable("addressType", new["addressType"], old["addressType"])
        case .ingressClasses:
            immutable("spec.controller", new[path: ["spec", "controller"]], old[path: ["spec", "controller"]])
        case .serviceCIDRs: serviceCIDRChange(new, replacing: old)
        case .pods: podChange(new, replacing: old)
        case .deployments, .replicaSets:
            immutable("spec.selector", new[path: ["spec", "selector"]], old[path: ["spec", "selector"]])
        case .configMaps: configMapChange(new, replacing: old, binary: "binaryData")
        case .secrets: secretChange(new, replacing: old)
        case .nodes: nodeChange(new, replacing: old)
        default: break
        }
    }
}
