internal import Addressing
public import KubernetesModel

extension DNSZone {
    /// Takes a pod that was added or modified. Only zones whose pods have records of their own need pods.
    public mutating func update(_ pod: Pod) {
        guard settings.podRecords == .existing else { return }
        // A pod that has ended, or was told to, may have lost its address to another one.
        let addresses = pod.isActive ? pod.podIPs : []
        replacePod(ServiceName(namespace: pod.namespace, name: pod.name), addresses)
    }

    /// Takes it that a pod is gone.
    public mutating func removePod(namespace: String, name: String) {
        replacePod(ServiceName(namespace: namespace, name: name), [])
    }

    private mutating func replacePod(_ pod: ServiceName, _ addresses: [IPAddress]) {
        let old = pods[pod] ?? []
        guard old != addresses else { return }
        pods[pod] = addresses.isEmpty ? nil : addresses
        for address in addresses where !old.contains(address) { count(pod.namespace, address, by: 1) }
        for address in old where !addresses.contains(address) { count(pod.namespace, address, by: -1) }
    }

    private mutating func count(_ namespace: String, _ address: IPAddress, by step: Int) {
        let key = PodAddress(namespace: namespace, address: address)
        let count = podCounts[key, default: 0] + step
        podCounts[key] = count > 0 ? count : nil
        // Told again where it is told already: pods that share an address are those of their node's network.
        if count <= 1 { pending += names.pod(namespace, address, exists: count > 0) }
    }
}
