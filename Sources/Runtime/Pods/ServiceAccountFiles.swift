internal import Glibc

/// The files by which programs in pods find the API: a token, the CA's certificate and the namespace, as the kubelet
/// mounts them below /var/run/secrets/kubernetes.io/serviceaccount.
///
/// The mount point does not exist on the host, which stays as it is: programs see a directory of the pod as /run.
enum ServiceAccountFiles {
    static let names = ["token", "ca.crt", "namespace"]
    private static let place = "secrets/kubernetes.io/serviceaccount"

    /// Writes the files that pods of a namespace share.
    static func write(
        token: String, authority: String, namespace: String, to directory: LabDirectory
    ) throws(StateError) {
        let path = directory.serviceAccount(namespace: namespace)
        try StateFile.createDirectory(path)
        for (name, contents) in zip(names, [token, authority, namespace]) {
            try StateFile.replace("\(path)/\(name)", with: Array(contents.utf8))
        }
    }

    /// Makes the directory that a pod's programs see as /run, once.
    static func prepare(_ pod: PodDirectory, namespace: String, _ directory: LabDirectory) throws(StateError) {
        let target = "\(pod.run)/\(place)"
        guard access("\(target)/namespace", F_OK) != 0 else { return }
        let source = directory.serviceAccount(namespace: namespace)
        guard access("\(source)/token", F_OK) == 0 else { return }
        try StateFile.createDirectory(pod.ownPlaceInRun, mode: 0o755)
        try StateFile.createDirectory(target, mode: 0o755)
        for name in names where link("\(source)/\(name)", "\(target)/\(name)") != 0 && errno != EEXIST {
            throw StateError("link", "\(target)/\(name)", errno: errno)
        }
    }
}
