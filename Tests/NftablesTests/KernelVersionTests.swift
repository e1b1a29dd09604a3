import Testing

@testable import Nftables

@Suite("The kernel's version")
struct KernelVersionTests {
    @Test(
        "releases are read by their first two numbers",
        arguments: [
            ("6.1.0-18-amd64", KernelVersion(major: 6, minor: 1)), ("6.18.44", KernelVersion(major: 6, minor: 18)),
            ("5.4-rc1", KernelVersion(major: 5, minor: 4)), ("6", nil), ("", nil), ("x.y", nil),
        ] as [(String, KernelVersion?)])
    func releases(release: String, expected: KernelVersion?) {
        #expect(KernelVersion(release: release) == expected)
    }

    @Test("6.3 and later can delete elements that may be gone")
    func order() {
        #expect(KernelVersion(major: 6, minor: 1) < .destroyingElements)
        #expect(KernelVersion(major: 6, minor: 18) > .destroyingElements)
        #expect(KernelVersion(major: 7, minor: 0) > .destroyingElements)
        #expect(KernelVersion.current != nil)
    }
}
