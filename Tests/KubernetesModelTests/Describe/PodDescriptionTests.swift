import KubernetesModel
import Testing

@Suite("Descriptions: pods")
struct PodDescriptionTests {
    @Test("pod/web-1")
    func podWeb1() throws {
        #expect(
            try described("pod/web-1") == #"""
                Name:             web-1
                Namespace:        default
                Priority:         0
                Service Account:  default
                Node:             node1/192.168.0.1
                Start Time:       Thu, 01 Jan 2026 00:00:00 +0000
                Labels:           app=web
                                  tier=front
                Annotations:      note: x
                Status:           Running
                IP:               10.0.0.1
                IPs:
                  IP:           10.0.0.1
                  IP:           fd00::1
                Controlled By:  ReplicaSet/web
                Init Containers:
                  init:
                    Container ID:  lab://1
                    Image:         busybox
                    Image ID:      x
                    Port:          <none>
                    Host Port:     <none>
                    Command:
                      true
                    State:          Terminated
                      Reason:       Completed
                      Exit Code:    0
                      Started:      Thu, 01 Jan 2026 00:00:00 +0000
                      Finished:     Thu, 01 Jan 2026 00:00:00 +0000
                    Ready:          True
                    Restart Count:  0
                    Environment:    <none>
                    Mounts:         <none>
                Containers:
                  nginx:
                    Container ID:  lab://2
                    Image:         nginx:1
                    Image ID:      sha256:1
                    Ports:         80/TCP, 53/UDP
                    Host Ports:    0/TCP, 0/UDP
                    Command:
                      sh
                      -c
                    Args:
                      sleep 1
                      echo
                    State:          Running
                      Started:      Thu, 01 Jan 2026 00:00:00 +0000
                    Last State:     Terminated
                      Reason:       Error
                      Message:      bad
                      Exit Code:    1
                      Started:      Thu, 01 Jan 2026 00:00:00 +0000
                      Finished:     Thu, 01 Jan 2026 00:00:00 +0000
                    Ready:          True
                    Restart Count:  2
                    Limits:
                      cpu:  1
                    Requests:
                      cpu:      500m
                      memory:   64Mi
                    Liveness:   http-get http://:80/ delay=0s timeout=1s period=10s #success=1 #failure=3
                    Readiness:  tcp-socket :dns delay=5s timeout=1s period=10s #success=1 #failure=3
                    Startup:    exec [cat /x] delay=0s timeout=1s period=10s #success=1 #failure=3
                    Environment:
                      A:   1
                      N:   web-1 (v1:metadata.name)
                      CM:  <set to the key 'k' of config map 'cm'>  Optional: false
                      SE:  <set to the key 'k' in secret 'se'>      Optional: false
                    Mounts:
                      /e from e (rw)
                      /etc/cfg from cfg (ro)
                  side:
                    Container ID:   
                    Image:          b
                    Image ID:       
                    Port:           <none>
                    Host Port:      <none>
                    State:          Waiting
                      Reason:       CrashLoopBackOff
                    Ready:          False
                    Restart Count:  0
                    Environment:    <none>
                    Mounts:         <none>
                Conditions:
                  Type          Status
                  Initialized   True 
                  Ready         False 
                Volumes:
                  cfg:
                    Type:      ConfigMap (a volume populated by a ConfigMap)
                    Name:      cm
                    Optional:  false
                  e:
                    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)
                    Medium:     
                    SizeLimit:  <unset>
                  s:
                    Type:        Secret (a volume populated by a Secret)
                    SecretName:  tls
                    Optional:    false
                  h:
                    Type:          HostPath (bare host directory volume)
                    Path:          /x
                    HostPathType:  
                  kube-api:
                    Type:                    Projected (a volume that contains injected data from multiple sources)
                    TokenExpirationSeconds:  3607
                    ConfigMapName:           kube-root-ca.crt
                    ConfigMapOptional:       <nil>
                    DownwardAPI:             true
                QoS Class:                   Burstable
                Node-Selectors:              disk=ssd
                Tolerations:                 op=Exists
                                             a:NoExecute op=Exists for 300s
                Events:
                  Type    Reason   Age                From     Message
                  ----    ------   ----               ----     -------
                  Normal  Started  10m (x3 over 10m)  kubelet  Started nginx

                """#)
    }

    @Test("pod/bare")
    func podBare() throws {
        #expect(
            try described("pod/bare") == #"""
                Name:         bare
                Namespace:    default
                Node:         <none>
                Labels:       <none>
                Annotations:  <none>
                Status:       Pending
                IP:           
                IPs:          <none>
                Containers:
                  c:
                    Image:        i
                    Port:         <none>
                    Host Port:    <none>
                    Environment:  <none>
                    Mounts:       <none>
                Volumes:          <none>
                QoS Class:        BestEffort
                Node-Selectors:   <none>
                Tolerations:      <none>
                Events:           <none>

                """#)
    }

    @Test("pod/going")
    func podGoing() throws {
        #expect(
            try described("pod/going") == #"""
                Name:         going
                Namespace:    default
                Node:         node1/
                Labels:       <none>
                Annotations:  <none>
                Status:       Failed
                Reason:       Evicted
                Message:      why
                IP:           1.1.1.1
                IPs:
                  IP:  1.1.1.1
                Containers:
                  c:
                    Image:        i
                    Port:         <none>
                    Host Port:    <none>
                    Environment:  <none>
                    Mounts:       <none>
                Volumes:          <none>
                QoS Class:        BestEffort
                Node-Selectors:   <none>
                Tolerations:      <none>
                Events:           <none>

                """#)
    }

    @Test("pod/ending")
    func podEnding() throws {
        #expect(
            try described("pod/ending") == #"""
                Name:                      ending
                Namespace:                 default
                Node:                      <none>
                Labels:                    <none>
                Annotations:               <none>
                Status:                    Terminating (lasts 30s)
                Termination Grace Period:  30s
                IP:                        
                IPs:                       <none>
                Containers:
                  c:
                    Image:      i
                    Port:       <none>
                    Host Port:  <none>
                    Limits:
                      cpu:        1
                      memory:     1Gi
                    Environment:  <none>
                    Mounts:       <none>
                Volumes:          <none>
                QoS Class:        Guaranteed
                Node-Selectors:   <none>
                Tolerations:      <none>
                Events:           <none>

                """#)
    }
}
