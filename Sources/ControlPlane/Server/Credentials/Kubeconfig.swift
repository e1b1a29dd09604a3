internal import FoundationEssentials

/// The file by which kubectl and client libraries find a cluster (`$KUBECONFIG`).
public enum Kubeconfig {
    /// The file for one user of one cluster.
    ///
    /// - Parameters:
    ///   - name: the name of cluster, context and user, such as the lab's.
    ///   - server: the API's address, such as `https://10.96.0.1:443`.
    ///   - authorityCertificate: what the server is checked against, as PEM.
    ///   - token: what proves who asks.
    ///   - namespace: the namespace that is meant where none is named.
    /// - Returns: YAML.
    public static func text(
        name: String, server: String, authorityCertificate: String, token: String, namespace: String = "default"
    ) -> String {
        let authority = Data(authorityCertificate.utf8).base64EncodedString()
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - name: \(quoted(name))
              cluster:
                server: \(quoted(server))
                certificate-authority-data: \(authority)
            contexts:
            - name: \(quoted(name))
              context:
                cluster: \(quoted(name))
                namespace: \(quoted(namespace))
                user: \(quoted(name))
            current-context: \(quoted(name))
            preferences: {}
            users:
            - name: \(quoted(name))
              user:
                token: \(quoted(token))

            """
    }

    /// A YAML scalar in double quotes.
    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }
}
