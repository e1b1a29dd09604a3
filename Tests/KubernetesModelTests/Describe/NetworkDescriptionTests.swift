import KubernetesModel
import Testing

@Suite("Descriptions: Services, endpoints, policies and ingresses")
struct NetworkDescriptionTests {
    @Test("service/web")
    func serviceWeb() throws {
        #expect(
            try described("service/web") == #"""
                Name:                     web
                Namespace:                default
                Labels:                   app=web
                                          tier=front
                Annotations:              a: 1
                                          b: 2
                Selector:                 app=web
                Type:                     NodePort
                IP Family Policy:         SingleStack
                IP Families:              IPv4
                IP:                       10.96.0.1
                IPs:                      10.96.0.1
                Port:                     http  80/TCP
                TargetPort:               8080/TCP
                NodePort:                 http  30007/TCP
                Endpoints:                10.0.0.1:8080,10.0.0.3:8080,10.0.0.4:8080 + 1 more...
                Port:                     dns  53/UDP
                TargetPort:               dns/UDP
                Endpoints:                10.0.0.1:53,10.0.0.3:53,10.0.0.4:53 + 1 more...
                Session Affinity:         None
                External Traffic Policy:  Cluster
                Internal Traffic Policy:  Cluster
                Events:
                  Type     Reason  Age   From   Message
                  ----     ------  ----  ----   -------
                  Warning  Failed  10m   proxy  Some

                """#)
    }

    @Test("service/headless")
    func serviceHeadless() throws {
        #expect(
            try described("service/headless") == #"""
                Name:              headless
                Namespace:         default
                Labels:            <none>
                Annotations:       <none>
                Selector:          <none>
                Type:              ClusterIP
                IP Families:       <none>
                IP:                None
                IPs:               None
                Port:              <unset>  80/TCP
                TargetPort:        80/TCP
                Endpoints:         
                Session Affinity:  None
                Events:            <none>

                """#)
    }

    @Test("service/lb")
    func serviceLb() throws {
        #expect(
            try described("service/lb") == #"""
                Name:                        lb
                Namespace:                   default
                Labels:                      <none>
                Annotations:                 <none>
                Selector:                    <none>
                Type:                        LoadBalancer
                IP Family Policy:            PreferDualStack
                IP Families:                 IPv4,IPv6
                IP:                          10.96.0.2
                IPs:                         10.96.0.2,fd00::5
                External IPs:                9.9.9.9
                Desired LoadBalancer IP:     1.1.1.1
                LoadBalancer Ingress:        1.1.1.1 (VIP)
                Port:                        <unset>  80/TCP
                TargetPort:                  80/TCP
                Endpoints:                   
                Session Affinity:            ClientIP
                External Traffic Policy:     Local
                HealthCheck NodePort:        31000
                LoadBalancer Source Ranges:  10.0.0.0/8
                Events:                      <none>

                """#)
    }

    @Test("service/ext")
    func serviceExt() throws {
        #expect(
            try described("service/ext") == #"""
                Name:              ext
                Namespace:         default
                Labels:            <none>
                Annotations:       <none>
                Selector:          <none>
                Type:              ExternalName
                IP Families:       <none>
                IP:                
                IPs:               <none>
                External Name:     example.com
                Session Affinity:  None
                Events:            <none>

                """#)
    }

    @Test("endpoints/web")
    func endpointsWeb() throws {
        #expect(
            try described("endpoints/web") == #"""
                Name:         web
                Namespace:    default
                Labels:       <none>
                Annotations:  <none>
                Subsets:
                  Addresses:          10.0.0.1,10.0.0.2
                  NotReadyAddresses:  10.0.0.3
                  Ports:
                    Name     Port  Protocol
                    ----     ----  --------
                    http     80    TCP
                    <unset>  53    UDP

                Events:  <none>

                """#)
    }

    @Test("endpointslice/web-abc")
    func endpointsliceWebAbc() throws {
        #expect(
            try described("endpointslice/web-abc") == #"""
                Name:         web-abc
                Namespace:    default
                Labels:       kubernetes.io/service-name=web
                Annotations:  <none>
                AddressType:  IPv4
                Ports:
                  Name  Port  Protocol
                  ----  ----  --------
                  http  8080  TCP
                  dns   53    UDP
                Endpoints:
                  - Addresses:  10.0.0.1
                    Conditions:
                      Ready:    true
                    Hostname:   <unset>
                    TargetRef:  Pod/web-1
                    NodeName:   node1
                    Zone:       z1
                  - Addresses:  10.0.0.2
                    Conditions:
                      Ready:    false
                    Hostname:   h
                    NodeName:   <unset>
                    Zone:       <unset>
                  - Addresses:  10.0.0.3
                    Conditions:
                      Ready:    <unset>
                    Hostname:   <unset>
                    NodeName:   <unset>
                    Zone:       <unset>
                  - Addresses:  10.0.0.4
                    Conditions:
                      Ready:    <unset>
                    Hostname:   <unset>
                    NodeName:   <unset>
                    Zone:       <unset>
                  - Addresses:  10.0.0.5
                    Conditions:
                      Ready:   <unset>
                    Hostname:  <unset>
                    NodeName:  <unset>
                    Zone:      <unset>
                Events:        <none>

                """#)
    }

    @Test("networkpolicy/np")
    func networkpolicyNp() throws {
        #expect(
            try described("networkpolicy/np") == #"""
                Name:         np
                Namespace:    default
                Created on:   2026-01-01 00:00:00 +0000 UTC
                Labels:       <none>
                Annotations:  <none>
                Spec:
                  PodSelector:     app=web
                  Allowing ingress traffic:
                    To Port: 80/TCP
                    To Port Range: 100-200/UDP
                    To Port: <nil>/TCP
                    From:
                      PodSelector: a=b
                    From:
                      NamespaceSelector: k in (x,y)
                      PodSelector: c=d
                    From:
                      IPBlock:
                        CIDR: 10.0.0.0/8
                        Except: 10.1.0.0/16
                    ----------
                    To Port: <any> (traffic allowed to all ports)
                    From: <any> (traffic not restricted by source)
                  Allowing egress traffic:
                    <none> (Selected pods are isolated for egress connectivity)
                  Policy Types: Ingress, Egress

                """#)
    }

    @Test("networkpolicy/deny")
    func networkpolicyDeny() throws {
        #expect(
            try described("networkpolicy/deny") == #"""
                Name:         deny
                Namespace:    default
                Created on:   2026-01-01 00:00:00 +0000 UTC
                Labels:       <none>
                Annotations:  <none>
                Spec:
                  PodSelector:     <none> (Allowing the specific traffic to all pods in this namespace)
                  Allowing ingress traffic:
                    <none> (Selected pods are isolated for ingress connectivity)
                  Not affecting egress traffic
                  Policy Types: Ingress

                """#)
    }

    @Test("ingress/ing")
    func ingressIng() throws {
        #expect(
            try described("ingress/ing") == #"""
                Name:             ing
                Labels:           <none>
                Namespace:        default
                Address:          1.2.3.4
                Ingress Class:    nginx
                Default backend:  web:80 (10.0.0.1:8080,10.0.0.3:8080,10.0.0.4:8080 + 1 more...)
                TLS:
                  tls terminates a.b,c.d
                Rules:
                  Host        Path  Backends
                  ----        ----  --------
                  a.b         
                              /    web:80 (10.0.0.1:8080,10.0.0.3:8080,10.0.0.4:8080 + 1 more...)
                              /x   nope:http (<error: services "nope" not found>)
                  *           
                              /   web:http (10.0.0.1:8080,10.0.0.3:8080,10.0.0.4:8080 + 1 more...)
                Annotations:  a: b
                Events:       <none>

                """#)
    }

    @Test("ingressclass/nginx")
    func ingressclassNginx() throws {
        #expect(
            try described("ingressclass/nginx") == #"""
                Name:         nginx
                Labels:       <none>
                Annotations:  <none>
                Controller:   k8s.io/nginx
                Events:       <none>

                """#)
    }
}
