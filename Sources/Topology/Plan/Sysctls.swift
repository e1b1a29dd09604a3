internal import Addressing

/// The kernel settings of a lab's namespaces. A new namespace takes some of them from the host, so everything that the
/// network depends on is written.
enum Sysctls {
    /// A pod or an outside host.
    static func endpoint(families: [AddressFamily]) -> [SysctlSetting] {
        common(families: families) + [SysctlSetting("net/ipv4/ip_forward", "0")]
    }

    /// A node: it forwards, without telling its pods of shorter ways.
    static func node(families: [AddressFamily]) -> [SysctlSetting] {
        var settings = [SysctlSetting("net/ipv4/ip_forward", "1")] + common(families: families)
        settings += [
            SysctlSetting("net/ipv4/conf/all/send_redirects", "0"),
            SysctlSetting("net/ipv4/conf/default/send_redirects", "0"),
            // Replies between two pods on the bridge have to pass conntrack where the request was rewritten.
            SysctlSetting("net/bridge/bridge-nf-call-iptables", "1", isOptional: true),
            SysctlSetting("net/bridge/bridge-nf-call-ip6tables", "1", isOptional: true),
        ]
        if families.contains(.ipv6) { settings.append(SysctlSetting("net/ipv6/conf/all/forwarding", "1")) }
        return settings
    }

    private static func common(families: [AddressFamily]) -> [SysctlSetting] {
        var settings = [
            // A packet may come back on another way than the one it left by.
            SysctlSetting("net/ipv4/conf/all/rp_filter", "0"),
            SysctlSetting("net/ipv4/conf/default/rp_filter", "0"),
            // The kernel's limit on ICMP errors would make a refusal look like a loss.
            SysctlSetting("net/ipv4/icmp_ratemask", "0"),
        ]
        if families.contains(.ipv6) {
            settings += [
                SysctlSetting("net/ipv6/conf/default/disable_ipv6", "0"),
                // The same for IPv6: only messages of the type 0, which there is none of, count against the limits, that of
                // all messages (net.ipv4.icmp_msgs_per_sec) among them.
                SysctlSetting("net/ipv6/icmp/ratemask", "0"),
                // Duplicate address detection takes a second or two; the lab's addresses are unique.
                SysctlSetting("net/ipv6/conf/default/accept_dad", "0"),
                SysctlSetting("net/ipv6/conf/default/accept_ra", "0"),
            ]
        } else {
            // ::1 stays, since the loopback exists already; other interfaces do not speak IPv6.
            settings.append(SysctlSetting("net/ipv6/conf/default/disable_ipv6", "1", isOptional: true))
        }
        return settings
    }
}
