/// A kernel setting under /proc/sys. Those of net/ belong to the network namespace of the thread that opens them.
public enum Sysctl {
    /// Writes a setting in the calling thread's namespace. `sysctl -w`
    ///
    /// - Parameter name: the path below /proc/sys, such as `net/ipv4/ip_forward`.
    public static func write(_ name: String, _ value: String) throws(NamespaceError) {
        try SysctlTree().write(name, value)
    }

    /// Reads a setting in the calling thread's namespace, without its line end; nil where there is none.
    public static func read(_ name: String) -> String? {
        SysctlTree().read(name)
    }
}
