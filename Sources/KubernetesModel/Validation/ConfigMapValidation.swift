extension Faults {
    /// The largest sum of all values, in bytes.
    private static let sizeLimit = 1 << 20

    mutating func configMap(_ configMap: JSONValue) {
        let (texts, bytes) = (configMap["data"]?.object ?? [:], configMap["binaryData"]?.object ?? [:])
        for key in texts.keys.sorted() {
            invalid("data[\(key)]", key, Naming.configKeyFaults(key))
            if bytes[key] != nil { invalid("data[\(key)]", key, ["duplicate of key present in binaryData"]) }
        }
        for key in bytes.keys.sorted() { invalid("binaryData[\(key)]", key, Naming.configKeyFaults(key)) }
        let size =
            texts.values.reduce(0) { $0 + ($1.string?.utf8.count ?? 0) }
            + bytes.values.reduce(0) { $0 + Base64.byteCount(of: $1.string ?? "") }
        if size > Self.sizeLimit { tooLong("[]", Self.sizeLimit) }
    }

    /// Of an immutable object neither the data nor that word may change.
    mutating func configMapChange(_ new: JSONValue, replacing old: JSONValue, binary: String?) {
        guard old["immutable"] == true else { return }
        let why = "field is immutable when `immutable` is set"
        if new["immutable"] != true { forbidden("immutable", why) }
        for field in ["data", binary].compactMap(\.self) where (new[field] ?? [:]) != (old[field] ?? [:]) {
            forbidden(field, why)
        }
    }

    mutating func secret(_ secret: JSONValue) {
        let data = secret["data"]?.object ?? [:]
        for key in data.keys.sorted() { invalid("data[\(key)]", key, Naming.configKeyFaults(key)) }
        let size = data.values.reduce(0) { $0 + Base64.byteCount(of: $1.string ?? "") }
        if size > Self.sizeLimit { tooLong("data", Self.sizeLimit) }
        func require(_ keys: String...) { for key in keys where data[key] == nil { required("data[\(key)]") } }
        switch secret["type"]?.string {
        case "kubernetes.io/tls": require("tls.crt", "tls.key")
        case "kubernetes.io/dockerconfigjson": require(".dockerconfigjson")
        case "kubernetes.io/dockercfg": require(".dockercfg")
        case "kubernetes.io/ssh-auth": require("ssh-privatekey")
        case "kubernetes.io/basic-auth":
            if data["username"] == nil, data["password"] == nil { require("username", "password") }
        case "kubernetes.io/service-account-token":
            let name = "kubernetes.io/service-account.name"
            if secret[path: ["metadata", "annotations"]]?.text(name) == nil {
                required("metadata.annotations[\(name)]")
            }
        default: break
        }
    }

    mutating func secretChange(_ new: JSONValue, replacing old: JSONValue) {
        immutable("type", new["type"], old["type"])
        configMapChange(new, replacing: old, binary: nil)
    }
}
