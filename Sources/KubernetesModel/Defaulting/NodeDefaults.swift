extension Defaults {
    @Sendable static func node(_ node: inout JSONValue) {
        node.changeOrMake("spec") { spec in
            let blocks = spec.elements("podCIDRs")
            if let block = spec.text("podCIDR") {
                if blocks.first != .string(block) { spec["podCIDRs"] = [.string(block)] }
            } else if let first = blocks.first {
                spec["podCIDR"] = first
            }
        }
        node.changeOrMake("status") { status in
            if let capacity = status["capacity"] { status.setDefault("allocatable", capacity) }
        }
    }
}
