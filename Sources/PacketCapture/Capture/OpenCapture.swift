import CLinux
import Synchronization

/// A capture that runs already and is to be given to a session.
///
/// The kernel keeps the packets of the interface in the handle's ring from the moment of opening. The handle is
/// opened inside a network namespace and works from any thread afterwards. It closes itself where no session took it.
public final class OpenCapture: Sendable {
    /// The point.
    public let point: CapturePoint
    private let handle: Mutex<CaptureHandle?>

    init(point: CapturePoint, handle: CaptureHandle) {
        self.point = point
        self.handle = Mutex(handle)
    }

    deinit {
        take()?.close()
    }

    /// Gives the handle away; nil where that has happened already.
    func take() -> CaptureHandle? {
        handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
    }
}

extension CaptureSession {
    /// How often the loopback is opened anew when a packet passed before its capture was set up.
    private static let loopbackAttempts = 10

    /// Starts capturing on an interface in the calling thread's network namespace, in both directions.
    ///
    /// Everything that passes after the call returns is captured, on lo once per packet. The interface itself is not
    /// changed: it is not made promiscuous. Takes 12 to 20 ms, most of it waiting in the kernel, so that many are
    /// better opened on several threads.
    /// - Parameters:
    ///   - interface: the interface's name, such as `eth0`; also lo.
    ///   - name: what to call the point in reports and capture files.
    ///   - description: anything more to say about the point in capture files.
    ///   - options: snap length, buffer and filter.
    /// - Throws: `CaptureError.open`, `.unsupportedLinkType`, `.filter` or `.loopbackBusy`.
    public static func open(
        interface: String, name: String, description: String = "", options: CaptureOptions = CaptureOptions()
    ) throws(CaptureError) -> OpenCapture {
        let isLoopback = interface == "lo"
        for _ in 0..<(isLoopback ? loopbackAttempts : 1) {
            let pcap = try activate(interface, options)
            do throws(CaptureError) {
                let linkType = try linkType(of: pcap, interface)
                let handle = try prepare(pcap, interface, options, isLoopback: isLoopback)
                // On lo libpcap leaves out the copies that go out, which the kernel counts. Packets that passed
                // before those were switched off make the counts disagree for good.
                if isLoopback && handle.receivedBefore != 0 {
                    handle.close()
                    continue
                }
                let point = CapturePoint(
                    name: name, interface: interface, description: description, linkType: linkType,
                    snapLength: options.snapLength)
                return OpenCapture(point: point, handle: handle)
            } catch {
                lab_pcap_close(pcap)
                throw error
            }
        }
        throw .loopbackBusy(interface: interface)
    }

    /// pcap_create(3) to pcap_activate(3).
    private static func activate(_ interface: String, _ options: CaptureOptions) throws(CaptureError) -> OpaquePointer {
        var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let pcap = lab_pcap_create(interface, &buffer) else {
            let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw .open(interface: interface, reason: String(decoding: text, as: UTF8.self))
        }
        lab_pcap_set_snaplen(pcap, Int32(clamping: options.snapLength))
        lab_pcap_set_promisc(pcap, 0)
        lab_pcap_set_timeout(pcap, Int32(clamping: max(1, options.blockTimeout)))
        lab_pcap_set_buffer_size(pcap, Int32(clamping: options.bufferSize))
        // Immediate mode would hand over every packet by itself, and loses some at rates the ring can take.
        lab_pcap_set_immediate_mode(pcap, 0)
        lab_pcap_set_tstamp_precision(pcap, Int32(PCAP_TSTAMP_PRECISION_NANO))
        let status = lab_pcap_activate(pcap)
        guard status >= 0, lab_pcap_setnonblock(pcap, 1, &buffer) == 0 else {
            let detail = lab_pcap_geterr(pcap).map { String(cString: $0) } ?? ""
            let meaning = status < 0 ? String(cString: lab_pcap_statustostr(status)) : "it cannot be made non-blocking"
            lab_pcap_close(pcap)
            throw .open(interface: interface, reason: detail.isEmpty ? meaning : "\(meaning) (\(detail))")
        }
        return pcap
    }

    private static func linkType(of pcap: OpaquePointer, _ interface: String) throws(CaptureError) -> LinkType {
        let number = lab_pcap_datalink(pcap)
        guard number == DLT_EN10MB else {
            let name = lab_pcap_datalink_val_to_name(number).map { String(cString: $0) } ?? "\(number)"
            throw .unsupportedLinkType(interface: interface, name: name)
        }
        return .ethernet
    }

    /// Sets what libpcap has no call for, and reads how far the kernel has counted by then.
    private static func prepare(
        _ pcap: OpaquePointer, _ interface: String, _ options: CaptureOptions, isLoopback: Bool
    ) throws(CaptureError) -> CaptureHandle {
        let fileDescriptor = lab_pcap_get_selectable_fd(pcap)
        guard fileDescriptor >= 0 else { throw .open(interface: interface, reason: "it cannot be polled") }
        if isLoopback {
            let error = lab_capture_ignore_outgoing(fileDescriptor)
            guard error == 0 else { throw .open(interface: interface, reason: String(cString: strerror(error))) }
        }
        // An empty filter, too, is of use: its value is the snap length, and so the ring holds no whole packets.
        try attach(options.filter ?? "", to: pcap, fileDescriptor, interface)
        var statistics = pcap_stat()
        guard lab_pcap_stats(pcap, &statistics) == 0 else {
            throw .open(interface: interface, reason: String(cString: lab_pcap_geterr(pcap)))
        }
        return CaptureHandle(
            pcap: pcap, fileDescriptor: fileDescriptor, receivedBefore: statistics.ps_recv,
            droppedBefore: statistics.ps_drop)
    }

    private static func attach(
        _ filter: String, to pcap: OpaquePointer, _ fileDescriptor: Int32, _ interface: String
    ) throws(CaptureError) {
        var program = bpf_program()
        guard lab_pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw .filter(expression: filter, interface: interface, reason: String(cString: lab_pcap_geterr(pcap)))
        }
        defer { lab_pcap_freecode(&program) }
        let error = lab_capture_attach_filter(fileDescriptor, &program)
        guard error == 0 else {
            throw .filter(expression: filter, interface: interface, reason: String(cString: strerror(error)))
        }
    }
}
