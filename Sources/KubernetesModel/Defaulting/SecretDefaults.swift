extension Defaults {
    /// stringData is only for writing: it goes into data, and wins there.
    @Sendable static func secret(_ secret: inout JSONValue) {
        secret.setDefault("type", "Opaque")
        guard let texts = secret["stringData"]?.object else { return }
        secret["stringData"] = nil
        secret.changeOrMake("data") { data in
            for case (let key, .string(let text)) in texts { data[key] = .string(Base64.text(of: text.utf8)) }
        }
    }
}
