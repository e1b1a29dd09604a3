extension Description {
    mutating func describeNamespace() {
        name()
        labelsAndAnnotations()
        line("Status", object.text(at: "status", "phase"))
        out.add(0, "\nNo resource quota.\n\nNo LimitRange resource.")
    }

    mutating func describeConfigMap() {
        nameAndNamespace()
        labelsAndAnnotations()
        out.add(0, "\nData\n====")
        for (name, value) in object.value.fields(at: "data") { out.add(0, "\(name):\n----\n\(value.plainText)\n") }
        out.add(0, "\nBinaryData\n====")
        for (name, value) in object.value.fields(at: "binaryData") {
            out.add(0, "\(name): \(Self.byteCount(value)) bytes")
        }
        out.add(0, "")
        eventTable()
    }

    mutating func describeSecret() {
        nameAndNamespace()
        labelsAndAnnotations()
        out.add(0, "\nType:\t\(object.text(at: "type"))\n\nData\n====")
        for (name, value) in object.value.fields(at: "data") { out.add(0, "\(name):\t\(Self.byteCount(value)) bytes") }
    }

    /// How many bytes a base64 text stands for.
    private static func byteCount(_ value: JSONValue) -> Int {
        let digits = (value.string ?? "").utf8.filter { $0 != UInt8(ascii: "=") && $0 > 0x20 }
        return digits.count * 3 / 4
    }
}
