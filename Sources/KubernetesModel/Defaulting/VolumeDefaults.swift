extension Defaults {
    /// rw-r--r--, in decimal as JSON has it.
    private static let fileMode: JSONValue = 0o644

    static func volume(_ volume: inout JSONValue) {
        if (volume.object ?? [:]).allSatisfy({ $0.key == "name" || $0.value.isNull }) { volume["emptyDir"] = [:] }
        for source in ["secret", "configMap", "downwardAPI", "projected"] {
            volume.change(source) { $0.setDefault("defaultMode", fileMode) }
        }
        volume.change("hostPath") { $0.setDefault("type", "") }
        volume.change("downwardAPI", downwardAPI)
        volume.change("projected") { projected in
            projected.changeEach("sources") { source in
                source.change("downwardAPI", downwardAPI)
                source.change("serviceAccountToken") { $0.setDefault("expirationSeconds", 3600) }
            }
        }
    }

    private static func downwardAPI(_ source: inout JSONValue) {
        source.changeEach("items") { item in
            item.change("fieldRef") { $0.setDefault("apiVersion", "v1") }
            item.change("resourceFieldRef") { $0.setDefault("divisor", "0") }
        }
    }
}
