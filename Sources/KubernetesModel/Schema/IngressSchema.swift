extension ObjectSchema {
    /// networking.k8s.io/v1 Ingress.
    static let ingress = kind("Ingress", ["spec": .object(ingressSpec), "status": .object(ingressStatus)])

    private static let ingressSpec = ObjectSchema(
        "IngressSpec",
        [
            "ingressClassName": .string, "defaultBackend": .object(ingressBackend),
            "tls": .objects(ObjectSchema("IngressTLS", ["hosts": .strings, "secretName": .string])),
            "rules": .objects(ObjectSchema("IngressRule", ["host": .string, "http": .object(httpIngressRuleValue)])),
        ])

    private static let httpIngressRuleValue = ObjectSchema(
        "HTTPIngressRuleValue",
        [
            "paths": .objects(
                ObjectSchema(
                    "HTTPIngressPath", ["path": .string, "pathType": .string, "backend": .object(ingressBackend)]))
        ])

    private static let ingressBackend = ObjectSchema(
        "IngressBackend",
        ["service": .object(ingressServiceBackend), "resource": .object(.typedLocalObjectReference)])

    private static let ingressServiceBackend = ObjectSchema(
        "IngressServiceBackend",
        [
            "name": .string,
            "port": .object(ObjectSchema("ServiceBackendPort", isAtomic: true, ["name": .string, "number": .int32])),
        ])

    private static let ingressStatus = ObjectSchema(
        "IngressStatus",
        [
            "loadBalancer": .object(
                ObjectSchema("IngressLoadBalancerStatus", ["ingress": .objects(ingressLoadBalancerIngress)]))
        ])

    private static let ingressLoadBalancerIngress = ObjectSchema(
        "IngressLoadBalancerIngress", ["ip": .string, "hostname": .string, "ports": .objects(portStatus)])

    /// networking.k8s.io/v1 IngressClass.
    static let ingressClass = kind(
        "IngressClass",
        [
            "spec": .object(
                ObjectSchema(
                    "IngressClassSpec", ["controller": .string, "parameters": .object(ingressClassParameters)]))
        ])

    private static let ingressClassParameters = ObjectSchema(
        "IngressClassParametersReference",
        [
            "apiGroup": .string, "kind": .string, "name": .string, "scope": .string, "namespace": .string,
        ])
}
