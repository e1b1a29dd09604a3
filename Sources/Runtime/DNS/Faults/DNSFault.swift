/// What a cluster DNS does wrong on purpose, so that the conformance suite can be held to the test: it must find each.
enum DNSFault: String, CaseIterable, Sendable {
    // Names
    case wrongZone = "wrong-zone"
    case caseSensitive = "case-sensitive"
    case forgetsHostnames = "forgets-hostnames"
    case forgetsPodRecords = "forgets-pod-records"
    case holdsThousand = "holds-a-thousand"
    case servesDeletedServices = "serves-deleted-services"

    // Names outside
    case forgetsUpstreams = "forgets-upstreams"
    case forgetsStubDomains = "forgets-stub-domains"

    // Records
    case addressOfExternalName = "address-of-external-name"
    case forgetsExternalNames = "forgets-external-names"
    case withoutSRV = "without-srv"
    case withoutPTR = "without-ptr"
    case withoutVersion = "without-version"
    case failsAAAA = "fails-aaaa"
    case forgetsIPv6 = "forgets-ipv6"
    case srvOfFirstPort = "srv-of-first-port"

    // Codes and messages
    case deniesNames = "nxdomain-for-nodata"
    case deniesData = "nodata-for-nxdomain"
    case withoutTTL = "without-ttl"
    case cutsSilently = "cuts-silently"
    case withoutTCP = "without-tcp"
    case ignoresEDNS = "ignores-edns"

    // Endpoints
    case listsUnready = "lists-unready"
    case ignoresPublishNotReady = "ignores-publish-not-ready"
    case stale

    // Files of pods
    case withoutSearchPath = "without-search-path"
    case shortSearchPath = "short-search-path"
    case ignoresPolicy = "ignores-policy"
    case ignoresHostAliases = "ignores-host-aliases"
}
