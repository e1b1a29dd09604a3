import Glibc
import KubernetesModel
import Topology

/// The manifests that `-f` names: files, directories, or standard input.
struct ManifestSource {
    private let names: [String]
    private let isRecursive: Bool
    private let namespace: String?

    /// - Parameter namespace: the namespace that the objects have to be in, or nil.
    init(_ names: [String], isRecursive: Bool, namespace: String?) {
        self.names = names
        self.isRecursive = isRecursive
        self.namespace = namespace
    }

    /// The objects of all of them, in their order.
    ///
    /// - Throws: `LabFileError` with every problem of every file.
    func objects() throws(LabFileError) -> [ManifestObject] {
        var objects: [ManifestObject] = []
        var problems: [Diagnostic] = []
        for name in names {
            do throws(LabFileError) {
                for file in try files(name) {
                    do throws(LabFileError) {
                        objects += try ManifestFile.objects(
                            text: file.text, file: file.path, namespace: namespace ?? "default")
                    } catch { problems += error.diagnostics }
                }
            } catch { problems += error.diagnostics }
        }
        problems += ManifestFile.duplicates(in: objects).filter { !problems.contains($0) }
        problems += objects.compactMap(strangeNamespace)
        guard problems.isEmpty else { throw LabFileError(problems) }
        return objects
    }

    private func strangeNamespace(_ object: ManifestObject) -> Diagnostic? {
        guard let namespace, object.type.isNamespaced, object.object.namespace != namespace else { return nil }
        return object.diagnostic(
            field: "metadata.namespace",
            "the namespace from the provided object \"\(object.object.namespace)\" does not match the namespace "
                + "\"\(namespace)\"",
            remedy: "pass '--namespace=\(object.object.namespace)', or leave -n out")
    }

    // MARK: Files

    private func files(_ name: String) throws(LabFileError) -> [SourceFile] {
        if name.hasPrefix("http://") || name.hasPrefix("https://") {
            throw Self.problem(
                name, "a URL cannot be applied: a lab is an island, and fetches nothing",
                remedy: "download the manifest, look at it, and apply the file")
        }
        if name == "-" { return [try standardInput()] }
        var status = stat()
        guard stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return [try Self.file(name)] }
        let paths = try manifests(in: name)
        guard !paths.isEmpty else {
            throw Self.problem(
                name, "the directory has no manifests", remedy: "they end in .yaml, .yml or .json; -R looks deeper")
        }
        var files: [SourceFile] = []
        for path in paths { files.append(try Self.file(path)) }
        return files
    }

    private static func file(_ path: String) throws(LabFileError) -> SourceFile {
        do { return try SourceFile.read(path) } catch {
            throw problem(path, error.message, remedy: error.remedy)
        }
    }

    private static func problem(_ file: String, _ message: String, remedy: String) -> LabFileError {
        LabFileError([Diagnostic(file: file, message: message, remedy: remedy)])
    }

    /// The manifests of a directory in the order of their names.
    private func manifests(in directory: String, depth: Int = 0) throws(LabFileError) -> [String] {
        guard let stream = opendir(directory) else {
            throw Self.problem(
                directory, "cannot be read: \(String(cString: strerror(errno)))", remedy: "check the permissions")
        }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        closedir(stream)
        var paths: [String] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                if isRecursive, depth < 32 { paths += try manifests(in: path, depth: depth + 1) }
            } else if [".yaml", ".yml", ".json"].contains(where: { name.hasSuffix($0) }) {
                paths.append(path)
            }
        }
        return paths
    }

    private func standardInput() throws(LabFileError) -> SourceFile {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(0, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
            guard bytes.count <= SourceFile.maximumLength else {
                throw Self.problem(
                    "standard input", "is longer than \(SourceFile.maximumLength) bytes (16 MiB)",
                    remedy: "apply it in parts")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.problem("standard input", "is not text: it is not valid UTF-8", remedy: "send UTF-8 text")
        }
        return SourceFile(path: "standard input", text: text)
    }
}
