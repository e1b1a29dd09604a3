/// The labels by which kube-proxy leaves Services and EndpointSlices alone.
enum ProxyLabels {
    /// Whether an object with these labels is not for this proxy: it is another proxy's, or a headless Service's.
    static func keepAway(_ labels: [String: String]) -> Bool {
        labels["service.kubernetes.io/service-proxy-name"] != nil || labels["service.kubernetes.io/headless"] != nil
    }
}
