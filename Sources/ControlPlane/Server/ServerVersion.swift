internal import KubernetesModel

/// What the server says it is at `/version` (apimachinery's version.Info).
public struct ServerVersion: Sendable {
    /// The major version, such as `1`.
    public var major: String
    /// The minor version, such as `32`.
    public var minor: String
    /// The whole version, such as `v1.32.0+lab`.
    public var gitVersion: String

    /// A version of the API.
    public init(major: String = "1", minor: String = "32", gitVersion: String = "v1.32.0+lab") {
        self.major = major
        self.minor = minor
        self.gitVersion = gitVersion
    }

    var value: JSONValue {
        #if arch(arm64)
            let architecture = "arm64"
        #else
            let architecture = "amd64"
        #endif
        return [
            "major": .string(major), "minor": .string(minor), "gitVersion": .string(gitVersion), "gitCommit": "",
            "gitTreeState": "clean", "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swift",
            "platform": .string("linux/\(architecture)"),
        ]
    }
}
