extension Defaults {
    @Sendable static func deployment(_ deployment: inout JSONValue) {
        deployment.changeOrMake("spec") { spec in
            spec.setDefault("replicas", 1)
            spec.setDefault("revisionHistoryLimit", 10)
            spec.setDefault("progressDeadlineSeconds", 600)
            spec.changeOrMake("strategy") { strategy in
                strategy.setDefault("type", "RollingUpdate")
                guard strategy["type"] == "RollingUpdate" else { return }
                strategy.changeOrMake("rollingUpdate") { update in
                    update.setDefault("maxUnavailable", "25%")
                    update.setDefault("maxSurge", "25%")
                }
            }
            podTemplate(&spec)
        }
        deployment.setDefault("status", [:])
    }

    @Sendable static func replicaSet(_ replicaSet: inout JSONValue) {
        replicaSet.changeOrMake("spec") { spec in
            spec.setDefault("replicas", 1)
            podTemplate(&spec)
        }
        replicaSet.changeOrMake("status") { $0.setDefault("replicas", 0) }
    }

    private static func podTemplate(_ spec: inout JSONValue) {
        spec.change("template") { template in
            template.changeOrMake("spec") { podSpec(&$0) }
        }
    }
}
