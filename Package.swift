// swift-tools-version: 6.2

import PackageDescription

/// Every target is held to Swift 6's strict concurrency and to no warnings.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// A module of the tool. The order below is the order of imports: a module sees only those above it.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = [],
    linkerSettings: [LinkerSetting] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, resources: resources,
        swiftSettings: strict, linkerSettings: linkerSettings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let tls: [Target.Dependency] = [
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
    .product(name: "X509", package: "swift-certificates"),
    .product(name: "Crypto", package: "swift-crypto"),
]
let database = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
    name: "lab",
    products: [.executable(name: "lab", targets: ["lab"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(
            name: "CLinux",
            cSettings: [.define("_GNU_SOURCE"), .unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("mnl"), .linkedLibrary("nftnl")]
        ),
        module("Addressing", []),
        module("Netlink", ["CLinux", "Addressing"]),
        module("Nftables", ["CLinux", "Addressing", "Netlink"]),
        module("NetworkNamespaces", ["CLinux", "Addressing", "Netlink"]),
        module("PacketCapture", ["CLinux", "Addressing"]),
        module("DNSMessage", ["Addressing"]),
        module("KubernetesModel", ["Addressing"]),
        module("ClusterDNS", ["CLinux", "Addressing", "KubernetesModel", "DNSMessage"]),
        module("ServiceProxy", ["Addressing", "KubernetesModel", "Nftables"]),
        module("PolicyEngine", ["Addressing", "KubernetesModel", "Nftables"]),
        module("Topology", ["Addressing", "Netlink", "Nftables", "KubernetesModel", toml, yams]),
        module("ControlPlane", ["Addressing", "KubernetesModel", database, logging] + nio + tls),
        module("Components", ["Addressing", "ServiceProxy", "Topology", logging] + nio),
        module(
            "Runtime",
            [
                "CLinux", "Addressing", "Netlink", "Nftables", "NetworkNamespaces", "KubernetesModel", "ServiceProxy",
                "PolicyEngine", "DNSMessage", "ClusterDNS", "Topology", "ControlPlane", "Components", logging,
            ]
                + nio),
        module(
            "Conformance",
            [
                "CLinux", "Addressing", "Netlink", "NetworkNamespaces", "PacketCapture", "KubernetesModel",
                "PolicyEngine", "DNSMessage", "Topology", "Runtime",
            ]),
        .executableTarget(
            name: "lab",
            dependencies: [
                "CLinux", "Addressing", "Netlink", "NetworkNamespaces", "PacketCapture", "KubernetesModel", "Topology",
                "Runtime", "Conformance", argumentParser, logging, yams,
            ],
            swiftSettings: strict,
            // A program at a fixed place: the loader need not correct a hundred thousand addresses at every start. That is
            // for the static standard library, which releases are built with (make build): the shared one's protected
            // symbols are not to be referred to from a fixed place. Nobody looks for symbols in the program; the static library
            // exports all the same, and the Swift runtime walks through every one of them at each start (dladdr).
            linkerSettings: [
                .unsafeFlags(
                    ["-Xclang-linker", "-no-pie", "-Xlinker", "--no-export-dynamic"], .when(configuration: .release))
            ]),
        .executableTarget(
            name: "lab-bench",
            dependencies: [
                "Addressing", "Netlink", "Nftables", "NetworkNamespaces", "KubernetesModel", "ServiceProxy",
                "PolicyEngine", "Topology", argumentParser,
            ],
            path: "Benchmarks/lab-bench", swiftSettings: strict),
        .executableTarget(
            name: "lab-dns-server",
            dependencies: ["ClusterDNS", "DNSMessage", "Addressing", "KubernetesModel", argumentParser],
            path: "Benchmarks/dns-server", swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "LabFixture", dependencies: ["CLinux"], path: "Tests/LabFixture", swiftSettings: strict),
        tests("LabTests", ["lab", "KubernetesModel", argumentParser], exclude: ["Snapshots"]),
        tests("AddressingTests", ["Addressing"]),
        tests("NetlinkTests", ["Netlink", "NetworkNamespaces", "Addressing"], resources: [.copy("Recordings")]),
        tests("NetworkNamespacesTests", ["NetworkNamespaces", "Netlink", "Addressing"]),
        tests("NftablesTests", ["Nftables", "NetworkNamespaces", "Netlink", "Addressing"]),
        // The tests read capture files with libpcap, which the tool itself loads when it first captures.
        tests(
            "PacketCaptureTests", ["PacketCapture", "Addressing", "CLinux"],
            linkerSettings: [.linkedLibrary("pcap")]),
        tests("DNSMessageTests", ["DNSMessage", "Addressing"], resources: [.copy("Recordings")]),
        tests("ClusterDNSTests", ["CLinux", "ClusterDNS", "DNSMessage", "KubernetesModel", "Addressing"]),
        tests("KubernetesModelTests", ["KubernetesModel", "Addressing"]),
        tests(
            "PolicyEngineTests",
            [
                "PolicyEngine", "Addressing", "KubernetesModel", "Nftables", "Netlink", "NetworkNamespaces",
            ]),
        tests(
            "ServiceProxyTests",
            [
                "CLinux", "ServiceProxy", "Addressing", "KubernetesModel", "Nftables", "Netlink", "NetworkNamespaces",
            ]),
        tests("ControlPlaneTests", ["ControlPlane", "KubernetesModel", "Addressing", logging] + nio + tls),
        tests(
            "RuntimeTests",
            [
                "CLinux", "Addressing", "KubernetesModel", "NetworkNamespaces", "DNSMessage", "ClusterDNS",
                "ControlPlane",
                "Runtime", "Topology",
            ] + nio),
        tests("TopologyTests", ["Topology", "Netlink", "Nftables", "Addressing", "KubernetesModel", yams]),
        tests(
            "ConformanceTests",
            [
                "CLinux", "Conformance", "Components", "Runtime", "Addressing", "DNSMessage", "KubernetesModel",
                "PolicyEngine", "NetworkNamespaces", "PacketCapture", "Topology", logging,
            ] + nio),
        tests("LifecycleTests", ["lab", "LabFixture", "CLinux"]),
        tests("ClientTests", ["lab", "LabFixture"], resources: [.copy("Programs")]),
        tests(
            "ComponentsTests", ["CLinux", "Components", "Addressing", "ServiceProxy", "Topology", logging] + nio),
    ]
)
