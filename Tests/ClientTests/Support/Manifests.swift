/// Manifests that several tests apply.
enum Manifests {
    /// A Deployment whose pods say one line and then wait.
    static func web(replicas: Int = 2) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          labels: {app: web}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: busybox
                command: [sh, -c, "echo started; exec sleep infinity"]
        """
    }

    static func service(_ name: String = "web", ip: String? = nil) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: {name: \(name)}
        spec:
          \(ip.map { "clusterIP: \($0)" } ?? "type: ClusterIP")
          selector: {app: \(name)}
          ports: [{port: 80, targetPort: 8080}]
        """
    }

    static func configMap(_ name: String, _ data: String = "key: value") -> String {
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: \(name)}, data: {\(data)}}"
    }

    /// A pod that runs a shell command.
    static func pod(_ name: String, _ command: String, restart: String = "Never") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), labels: {run: \(name)}}
        spec:
          restartPolicy: \(restart)
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: busybox, command: [sh, -c, "\(command)"]}]
        """
    }
}
