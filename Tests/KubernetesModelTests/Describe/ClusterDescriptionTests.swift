import KubernetesModel
import Testing

@Suite("Descriptions: Nodes, workloads and data")
struct ClusterDescriptionTests {
    @Test("node/node1")
    func nodeNode1() throws {
        #expect(
            try described("node/node1") == #"""
                Name:               node1
                Roles:              worker
                Labels:             kubernetes.io/hostname=node1
                                    node-role.kubernetes.io/worker=
                Annotations:        <none>
                CreationTimestamp:  Thu, 01 Jan 2026 00:00:00 +0000
                Taints:             k2:NoExecute
                                    k=v:NoSchedule
                Unschedulable:      false
                Lease:
                  HolderIdentity:  node1
                  AcquireTime:     <unset>
                  RenewTime:       Thu, 01 Jan 2026 00:09:50 +0000
                Conditions:
                  Type    Status  LastHeartbeatTime                 LastTransitionTime                Reason         Message
                  ----    ------  -----------------                 ------------------                ------         -------
                  Ready   True    Thu, 01 Jan 2026 00:00:00 +0000   Thu, 01 Jan 2026 00:00:00 +0000   KubeletReady   ok
                Addresses:
                  InternalIP:  192.168.0.1
                  Hostname:    node1
                Capacity:
                  cpu:     2
                  memory:  1Gi
                  pods:    110
                Allocatable:
                  cpu:     2
                  memory:  1Gi
                  pods:    110
                System Info:
                  Machine ID:                 m
                  System UUID:                s
                  Boot ID:                    b
                  Kernel Version:             6.1
                  OS Image:                   Debian
                  Operating System:           linux
                  Architecture:               amd64
                  Container Runtime Version:  lab://1
                  Kubelet Version:            v1.36
                  Kube-Proxy Version:         
                PodCIDR:                      10.0.0.0/24
                PodCIDRs:                     10.0.0.0/24
                Non-terminated Pods:          (1 in total)
                  Namespace                   Name     CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
                  ---------                   ----     ------------  ----------  ---------------  -------------  ---
                  default                     web-1    500m (25%)    1 (50%)     64Mi (6%)        0 (0%)         10m
                Allocated resources:
                  (Total limits may be over 100 percent, i.e., overcommitted.)
                  Resource           Requests    Limits
                  --------           --------    ------
                  cpu                500m (25%)  1 (50%)
                  memory             64Mi (6%)   0 (0%)
                  ephemeral-storage  0 (0%)      0 (0%)
                Events:              <none>

                """#)
    }

    @Test("node/node2")
    func nodeNode2() throws {
        #expect(
            try described("node/node2") == #"""
                Name:               node2
                Roles:              <none>
                Labels:             <none>
                Annotations:        <none>
                CreationTimestamp:  Thu, 01 Jan 2026 00:00:00 +0000
                Taints:             <none>
                Unschedulable:      true
                Lease:              Failed to get lease: leases.coordination.k8s.io "node2" not found
                Addresses:
                System Info:
                  Machine ID:                 
                  System UUID:                
                  Boot ID:                    
                  Kernel Version:             
                  OS Image:                   
                  Operating System:           
                  Architecture:               
                  Container Runtime Version:  
                  Kubelet Version:            
                  Kube-Proxy Version:         
                Non-terminated Pods:          (0 in total)
                  Namespace                   Name    CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
                  ---------                   ----    ------------  ----------  ---------------  -------------  ---
                Allocated resources:
                  (Total limits may be over 100 percent, i.e., overcommitted.)
                  Resource           Requests  Limits
                  --------           --------  ------
                  cpu                0 (0%)    0 (0%)
                  memory             0 (0%)    0 (0%)
                  ephemeral-storage  0 (0%)    0 (0%)
                Events:              <none>

                """#)
    }

    @Test("namespace/default")
    func namespaceDefault() throws {
        #expect(
            try described("namespace/default") == #"""
                Name:         default
                Labels:       kubernetes.io/metadata.name=default
                Annotations:  <none>
                Status:       Active

                No resource quota.

                No LimitRange resource.

                """#)
    }

    @Test("deployment/web")
    func deploymentWeb() throws {
        #expect(
            try described("deployment/web") == #"""
                Name:                   web
                Namespace:              default
                CreationTimestamp:      Thu, 01 Jan 2026 00:00:00 +0000
                Labels:                 app=web
                                        tier=front
                Annotations:            deployment.kubernetes.io/revision: 1
                Selector:               app=web
                Replicas:               3 desired | 3 updated | 3 total | 2 available | 1 unavailable
                StrategyType:           RollingUpdate
                MinReadySeconds:        0
                RollingUpdateStrategy:  25% max unavailable, 25% max surge
                Pod Template:
                  Labels:           app=web
                                    tier=front
                  Annotations:      t: 1
                  Service Account:  sa
                  Containers:
                   nginx:
                    Image:      nginx:1
                    Port:       80/TCP
                    Host Port:  0/TCP
                    Environment:
                      A:     1
                    Mounts:  <none>
                  Volumes:
                   e:
                    Type:          EmptyDir (a temporary directory that shares a pod's lifetime)
                    Medium:        
                    SizeLimit:     <unset>
                  Node-Selectors:  <none>
                  Tolerations:     <none>
                Conditions:
                  Type           Status  Reason
                  ----           ------  ------
                  Available      True    MinimumReplicasAvailable
                OldReplicaSets:  <none>
                NewReplicaSet:   web-5d (3/3 replicas created)
                Events:          <none>

                """#)
    }

    @Test("replicaset/web-5d")
    func replicasetWeb5D() throws {
        #expect(
            try described("replicaset/web-5d") == #"""
                Name:           web-5d
                Namespace:      default
                Selector:       app=web
                Labels:         app=web
                                tier=front
                Annotations:    deployment.kubernetes.io/revision: 1
                Controlled By:  Deployment/web
                Replicas:       3 current / 3 desired
                Pods Status:    0 Running / 0 Waiting / 0 Succeeded / 0 Failed
                Pod Template:
                  Labels:           app=web
                                    tier=front
                  Annotations:      t: 1
                  Service Account:  sa
                  Containers:
                   nginx:
                    Image:      nginx:1
                    Port:       80/TCP
                    Host Port:  0/TCP
                    Environment:
                      A:     1
                    Mounts:  <none>
                  Volumes:
                   e:
                    Type:          EmptyDir (a temporary directory that shares a pod's lifetime)
                    Medium:        
                    SizeLimit:     <unset>
                  Node-Selectors:  <none>
                  Tolerations:     <none>
                Events:            <none>

                """#)
    }

    @Test("configmap/cm")
    func configmapCm() throws {
        #expect(
            try described("configmap/cm") == #"""
                Name:         cm
                Namespace:    default
                Labels:       <none>
                Annotations:  <none>

                Data
                ====
                a:
                ----
                x

                b:
                ----
                one
                two



                BinaryData
                ====
                bin: 3 bytes

                Events:  <none>

                """#)
    }

    @Test("configmap/cmempty")
    func configmapCmempty() throws {
        #expect(
            try described("configmap/cmempty") == #"""
                Name:         cmempty
                Namespace:    default
                Labels:       <none>
                Annotations:  <none>

                Data
                ====

                BinaryData
                ====

                Events:  <none>

                """#)
    }

    @Test("secret/tls")
    func secretTls() throws {
        #expect(
            try described("secret/tls") == #"""
                Name:         tls
                Namespace:    default
                Labels:       <none>
                Annotations:  <none>

                Type:  kubernetes.io/tls

                Data
                ====
                tls.crt:  3 bytes
                tls.key:  1 bytes

                """#)
    }

    @Test("lease/l")
    func leaseL() throws {
        #expect(
            try described("lease/l") == #"""
                Name:         l
                Namespace:    default
                Labels:       <none>
                Annotations:  <none>
                API Version:  coordination.k8s.io/v1
                Kind:         Lease
                Metadata:
                  Creation Timestamp:  2026-01-01T00:00:00Z
                  UID:                 u-l
                Spec:
                  Holder Identity:         me
                  Lease Duration Seconds:  15
                  Renew Time:              2026-01-01T00:00:00.000000Z
                Events:                    <none>

                """#)
    }
}
