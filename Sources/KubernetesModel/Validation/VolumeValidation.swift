extension Faults {
    /// A pod's volumes.
    ///
    /// - Returns: the names that containers can mount.
    mutating func volumes(_ path: String, _ volumes: [JSONValue]) -> Set<String> {
        var names: Set<String> = []
        for (index, volume) in volumes.enumerated() {
            let path = "\(path)[\(index)]"
            if let name = volume.text("name") {
                let faults = Naming.labelFaults(name)
                invalid("\(path).name", name, faults)
                if !names.insert(name).inserted { duplicate("\(path).name", .string(name)) }
            } else {
                required("\(path).name")
            }
            let sources = (volume.object ?? [:]).keys.filter { $0 != "name" && ObjectSchema.volume.fields[$0] != nil }
            for source in sources.sorted().dropFirst() {
                forbidden("\(path).\(source)", "may not specify more than 1 volume type")
            }
            if (volume.object ?? [:]).keys.allSatisfy({ $0 == "name" }) {
                required(path, "must specify a volume type")
            }
            volumeSource(path, volume)
        }
        return names
    }

    private static let hostPathTypes = [
        "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
    ]

    private mutating func volumeSource(_ path: String, _ volume: JSONValue) {
        if let source = volume["hostPath"] {
            let place = source["path"]?.string ?? ""
            if place.isEmpty { required("\(path).hostPath.path") }
            if place.split(separator: "/").contains("..") {
                invalid("\(path).hostPath.path", place, ["must not contain '..'"])
            }
            supported("\(path).hostPath.type", source["type"]?.string ?? "", Self.hostPathTypes)
        }
        for (kind, field) in [("configMap", "name"), ("secret", "secretName"), ("persistentVolumeClaim", "claimName")] {
            guard let source = volume[kind] else { continue }
            if source.isUnset(field) { required("\(path).\(kind).\(field)") }
            fileMode("\(path).\(kind).defaultMode", source["defaultMode"])
            keysToPaths("\(path).\(kind).items", source.elements("items"))
        }
        for kind in ["downwardAPI", "projected"] {
            fileMode("\(path).\(kind).defaultMode", volume[kind]?["defaultMode"])
        }
        if let limit = volume["emptyDir"]?["sizeLimit"], let quantity = Self.quantity(limit), quantity.nanos < 0 {
            forbidden("\(path).emptyDir.sizeLimit", "SizeLimit field must be a valid resource quantity")
        }
    }

    private mutating func keysToPaths(_ path: String, _ items: [JSONValue]) {
        for (index, item) in items.enumerated() {
            let path = "\(path)[\(index)]"
            if item.isUnset("key") { required("\(path).key") }
            if let place = item.text("path") {
                relativePath("\(path).path", place)
            } else {
                required("\(path).path")
            }
            fileMode("\(path).mode", item["mode"])
        }
    }

    private mutating func fileMode(_ path: String, _ mode: JSONValue?) {
        if let number = mode?.integer, !(0...0o777).contains(number) {
            invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive")
        }
    }

    /// A path that stays below where it begins.
    mutating func relativePath(_ path: String, _ text: String) {
        if text.hasPrefix("/") { invalid(path, text, ["must be a relative path"]) }
        if text.split(separator: "/").contains("..") { invalid(path, text, ["must not contain '..'"]) }
    }
}
