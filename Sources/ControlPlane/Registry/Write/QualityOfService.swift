import KubernetesModel

/// How a pod's requests and limits rank it when a node runs short (core/v1 PodQOSClass).
enum QualityOfService {
    /// `Guaranteed` where every container limits CPU and memory and requests as much, `BestEffort` where none says
    /// anything of them, otherwise `Burstable`.
    static func name(of pod: APIObject) -> String {
        let containers = ["containers", "initContainers"].flatMap { pod["spec", $0]?.array ?? [] }
        var isGuaranteed = true
        var isBestEffort = true
        for container in containers {
            for resource in ["cpu", "memory"] {
                let limit = container[path: ["resources", "limits", resource]]
                let request = container[path: ["resources", "requests", resource]]
                if limit != nil || request != nil { isBestEffort = false }
                if limit == nil || request ?? limit != limit { isGuaranteed = false }
            }
        }
        return isBestEffort ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable"
    }
}
