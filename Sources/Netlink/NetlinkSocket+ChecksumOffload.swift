internal import CLinux

extension NetlinkSocket {
    /// Sets whether an interface of the socket's namespace leaves transport checksums to hardware.
    /// `ethtool -K DEV tx on|off`
    ///
    /// A veth has no hardware: with the offload on, captures and user-space stacks see packets whose checksum was never
    /// computed. Lab links have it off.
    public func setTransmitChecksumOffload(_ isOn: Bool, interface: String) throws(NetlinkError) {
        _ = lab_kernel_request()
        let error = lab_set_tx_checksum(descriptor, interface, isOn ? 1 : 0)
        guard error == 0 else { throw NetlinkError(.refused(errno: error)) }
    }

    /// Whether an interface of the socket's namespace leaves transport checksums to hardware. `ethtool -k DEV`
    public func transmitChecksumOffload(interface: String) throws(NetlinkError) -> Bool {
        var value: Int32 = 0
        let error = lab_get_tx_checksum(descriptor, interface, &value)
        guard error == 0 else { throw NetlinkError(.refused(errno: error)) }
        return value != 0
    }
}
