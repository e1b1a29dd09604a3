internal import Topology

/// A real nginx, with everything that it writes below its container's directory.
enum Nginx {
    static func command(_ program: String, for container: ContainerSpec, scratch: String) throws(StateError) -> [String]
    {
        try StateFile.createDirectory(scratch)
        let ports = container.ports.filter { $0.transport == .tcp }.map(\.containerPort)
        let configuration = "\(scratch)/nginx.conf"
        try StateFile.write(
            configuration, Array(self.configuration(ports: ports.isEmpty ? [80] : ports, scratch: scratch).utf8))
        return [program, "-p", scratch, "-c", configuration, "-e", "stderr"]
    }

    private static func configuration(ports: [UInt16], scratch: String) -> String {
        let listen = ports.map { "        listen \($0);\n        listen [::]:\($0);" }.joined(separator: "\n")
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "    \($0)_temp_path \(scratch)/\($0);" }.joined(separator: "\n")
        return """
            daemon off;
            user root;
            worker_processes 1;
            pid \(scratch)/nginx.pid;
            events { worker_connections 256; }
            http {
                access_log /dev/stdout;
            \(temporary)
                server {
            \(listen)
                    root /var/www/html;
                    index index.html index.nginx-debian.html;
                }
            }

            """
    }
}

/// A real redis-server that keeps nothing on disk.
enum Redis {
    static func command(_ program: String, for container: ContainerSpec, scratch: String) throws(StateError) -> [String]
    {
        try StateFile.createDirectory(scratch)
        let port = container.ports.first { $0.transport == .tcp }?.containerPort ?? 6379
        return [
            program, "--port", "\(port)", "--bind", "*", "-::*", "--protected-mode", "no", "--save", "", "--appendonly",
            "no",
            "--dir", scratch,
        ]
    }
}
