internal import Glibc

/// The version of the running kernel (uname(2)).
struct KernelVersion: Comparable {
    let major: Int
    let minor: Int

    /// Linux 6.3 can delete elements without minding those that are gone (NFT_MSG_DESTROYSETELEM).
    static let destroyingElements = KernelVersion(major: 6, minor: 3)

    static let current: KernelVersion? = {
        var name = utsname()
        guard uname(&name) == 0 else { return nil }
        let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return KernelVersion(release: release)
    }()

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads a release such as `6.1.0-18-amd64`.
    init?(release: String) {
        let numbers = release.split(separator: ".", maxSplits: 2).prefix(2).map { Int($0.prefix { $0.isNumber }) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        self.init(major: major, minor: minor)
    }

    static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
