public import Addressing
public import KubernetesModel

/// The objects that every cluster has.
public enum BuiltinObjects {
    /// The namespaces.
    public static let namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"]
    /// Those that cannot be deleted.
    static let permanentNamespaces: Set<String> = ["default", "kube-system", "kube-public"]
    /// Where namespaces' pods find the certificate that they trust the API server by.
    static let rootCertificate = "kube-root-ca.crt"
}

extension Registry {
    /// Makes the objects that every cluster has, where they are missing: the namespaces with their service accounts and
    /// certificate, the Service `kubernetes`, and the ServiceCIDR of the settings.
    ///
    /// - Parameter caCertificate: the certificate that pods trust the API server by (PEM), or nil.
    /// - Throws: `APIStatus`, such as where somebody else's Service holds the first ClusterIP.
    public func bootstrap(caCertificate: String? = nil) throws(APIStatus) {
        self.caCertificate = caCertificate
        var transaction = begin()
        for name in BuiltinObjects.namespaces where !transaction.contains(ObjectKey(.namespaces, name: name)) {
            _ = try stageCreation(APIObject(.namespaces, name: name), in: .namespaces, Self.own, &transaction)
        }
        for namespace in store.objects(ObjectSelection(.namespaces)).objects where !namespace.isTerminating {
            furnish(namespace: namespace.key.name, &transaction)
        }
        let service = Self.kubernetesService(settings)
        if let service, !transaction.contains(ObjectKey(.services, service)) {
            _ = try stageCreation(service, in: .services, Self.own, &transaction)
        }
        let blocks = APIObject(
            .serviceCIDRs, name: "kubernetes",
            ["spec": ["cidrs": .array(settings.serviceCIDRs.map { .string($0.description) })]])
        if !transaction.contains(ObjectKey(.serviceCIDRs, blocks)) {
            _ = try stageCreation(blocks, in: .serviceCIDRs, Self.own, &transaction)
        }
        _ = try finish(transaction, [], false)
    }

    /// Says where the API server is, as the endpoints of the Service `kubernetes`.
    ///
    /// - Parameter addresses: of the family of the Service's address; others are left out.
    public func setAPIServerEndpoints(_ addresses: [IPAddress], port: UInt16) throws(APIStatus) {
        guard let family = settings.serviceCIDRs.first?.family else { return }
        let addresses = addresses.filter { $0.family == family }.map { JSONValue.string($0.description) }
        let port: JSONValue = ["name": "https", "port": .integer(Int64(port)), "protocol": "TCP"]
        var endpoints = APIObject(.endpoints, namespace: "default", name: "kubernetes")
        endpoints["metadata", "labels", "endpointslice.kubernetes.io/skip-mirror"] = "true"
        if !addresses.isEmpty {
            endpoints["subsets"] = [["addresses": .array(addresses.map { ["ip": $0] }), "ports": [port]]]
        }
        var slice = APIObject(.endpointSlices, namespace: "default", name: "kubernetes")
        slice["metadata", "labels", "kubernetes.io/service-name"] = "kubernetes"
        slice["addressType"] = .string(family.description)
        slice["endpoints"] = .array(addresses.map { ["addresses": [$0], "conditions": ["ready": true]] })
        slice["ports"] = [port]
        var transaction = begin()
        for (type, object) in [(ResourceType.endpoints, endpoints), (.endpointSlices, slice)] {
            let key = ObjectKey(type, object)
            if transaction.contains(key) {
                _ = try stageUpdate(key, Update(object, nil, manager: Self.own.fieldManager), &transaction)
            } else {
                _ = try stageCreation(object, in: type, Self.own, &transaction)
            }
        }
        _ = try finish(transaction, [], false)
    }

    /// Gives a namespace what every namespace has: the service account `default`, and the certificate.
    func furnish(namespace: String, _ transaction: inout Transaction) {
        let account = APIObject(.serviceAccounts, namespace: namespace, name: "default")
        if !transaction.contains(ObjectKey(.serviceAccounts, account)) {
            putOwn(account, .serviceAccounts, &transaction)
        }
        guard let caCertificate else { return }
        var map = APIObject(.configMaps, namespace: namespace, name: BuiltinObjects.rootCertificate)
        let key = ObjectKey(.configMaps, map)
        let data: JSONValue = ["ca.crt": .string(caCertificate)]
        guard let present = transaction.object(key) else {
            map["metadata", "annotations", "kubernetes.io/description"] =
                "The certificate by which the pods of this namespace know the API server."
            map["data"] = data
            return putOwn(map, .configMaps, &transaction)
        }
        if present["data"] != data {
            map = present
            map["data"] = data
            transaction.put(.configMaps, map)
        }
    }

    private func putOwn(_ object: APIObject, _ type: ResourceType, _ transaction: inout Transaction) {
        var object = object
        object.uid = Identifier.uuid()
        object["metadata", "creationTimestamp"] = .string(transaction.time)
        type.applyDefaults(to: &object)
        transaction.put(type, object)
    }

    private static let own = WriteOptions(fieldManager: "kube-apiserver")

    private static func kubernetesService(_ settings: ClusterSettings) -> APIObject? {
        guard let block = settings.serviceCIDRs.first, let address = block.address(at: 1) else { return nil }
        var service = APIObject(.services, namespace: "default", name: "kubernetes")
        service.labels = ["component": "apiserver", "provider": "kubernetes"]
        service["spec"] = [
            "type": "ClusterIP", "clusterIP": .string(address.description), "sessionAffinity": "None",
            "ports": [["name": "https", "protocol": "TCP", "port": 443, "targetPort": 6443]],
        ]
        return service
    }
}
