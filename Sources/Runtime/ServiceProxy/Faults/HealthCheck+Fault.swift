internal import ServiceProxy

extension HealthCheck {
    /// The same with an endpoint that is not there.
    var passing: HealthCheck { HealthCheck(service: service, port: port, localEndpoints: max(1, localEndpoints)) }
}
