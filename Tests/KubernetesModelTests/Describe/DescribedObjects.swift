import KubernetesModel

/// Objects with every field that descriptions show.
enum DescribedObjects {
    static let podWeb1 = #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","uid":"u-web-1","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default","labels":{"app":"web","tier":"front"},"annotations":{
        "note":"x"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u",
        "controller":true}]},"spec":{"nodeName":"node1","serviceAccountName":"default","priority":0,
        "nodeSelector":{"disk":"ssd"},"tolerations":[{"key":"a","operator":"Exists","effect":"NoExecute",
        "tolerationSeconds":300},{"operator":"Exists"}],"volumes":[{"name":"cfg","configMap":{"name":"cm",
        "defaultMode":420}},{"name":"e","emptyDir":{}},{"name":"s","secret":{"secretName":"tls"}},{"name":"h",
        "hostPath":{"path":"/x","type":""}},{"name":"kube-api","projected":{"sources":[{"serviceAccountToken":{
        "expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt"}},{"downwardAPI":{}}]}
        }],"initContainers":[{"name":"init","image":"busybox","command":["true"]}],"containers":[{"name":
        "nginx","image":"nginx:1","ports":[{"containerPort":80,"protocol":"TCP"},{"name":"dns","containerPort":
        53,"protocol":"UDP"}],"command":["sh","-c"],"args":["sleep 1\necho"],"env":[{"name":"A","value":"1"},{
        "name":"N","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},{"name":"CM",
        "valueFrom":{"configMapKeyRef":{"name":"cm","key":"k"}}},{"name":"SE","valueFrom":{"secretKeyRef":{
        "name":"se","key":"k"}}}],"resources":{"limits":{"cpu":"1"},"requests":{"cpu":"500m","memory":"64Mi"}},
        "livenessProbe":{"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,
        "successThreshold":1,"failureThreshold":3},"readinessProbe":{"tcpSocket":{"port":"dns"},
        "initialDelaySeconds":5,"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}
        ,"startupProbe":{"exec":{"command":["cat","/x"]},"timeoutSeconds":1,"periodSeconds":10,
        "successThreshold":1,"failureThreshold":3},"volumeMounts":[{"name":"cfg","mountPath":"/etc/cfg",
        "readOnly":true},{"name":"e","mountPath":"/e"}]},{"name":"side","image":"b"}]},"status":{"phase":
        "Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"hostIP":"192.168.0.1",
        "startTime":"2026-01-01T00:00:00Z","qosClass":"Burstable","conditions":[{"type":"Initialized","status":
        "True"},{"type":"Ready","status":"False"}],"initContainerStatuses":[{"name":"init","image":"busybox",
        "imageID":"x","containerID":"lab://1","restartCount":0,"ready":true,"state":{"terminated":{"exitCode":0,
        "reason":"Completed","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z"}}}],
        "containerStatuses":[{"name":"nginx","image":"nginx:1","imageID":"sha256:1","containerID":"lab://2",
        "restartCount":2,"ready":true,"state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"lastState":{
        "terminated":{"exitCode":1,"reason":"Error","message":"bad","startedAt":"2026-01-01T00:00:00Z",
        "finishedAt":"2026-01-01T00:00:00Z"}}},{"name":"side","image":"b","imageID":"","restartCount":0,"ready":
        false,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off"}}}]}}
        """#
    static let podBare = #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"bare","uid":"u-bare","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default"},"spec":{"containers":[{"name":"c","image":"i"}]},"status":
        {"phase":"Pending"}}
        """#
    static let podGoing = #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"going","uid":"u-going","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default","deletionTimestamp":"2026-01-01T00:01:00Z",
        "deletionGracePeriodSeconds":30},"spec":{"nodeName":"node1","containers":[{"name":"c","image":"i"}]},
        "status":{"phase":"Failed","reason":"Evicted","message":"why","podIP":"1.1.1.1","podIPs":[{"ip":
        "1.1.1.1"}]}}
        """#
    static let serviceWeb = #"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","uid":"u-web","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default","labels":{"app":"web","tier":"front"},"annotations":{"b":
        "2","a":"1"}},"spec":{"type":"NodePort","selector":{"app":"web"},"clusterIP":"10.96.0.1","clusterIPs":[
        "10.96.0.1"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"name":"http","port":80,
        "targetPort":8080,"nodePort":30007,"protocol":"TCP"},{"name":"dns","port":53,"targetPort":"dns",
        "protocol":"UDP"}],"sessionAffinity":"None","externalTrafficPolicy":"Cluster","internalTrafficPolicy":
        "Cluster"},"status":{"loadBalancer":{}}}
        """#
    static let serviceHeadless = #"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"headless","uid":"u-headless",
        "creationTimestamp":"2026-01-01T00:00:00Z","namespace":"default"},"spec":{"type":"ClusterIP",
        "clusterIP":"None","clusterIPs":["None"],"ports":[{"port":80,"targetPort":80,"protocol":"TCP"}],
        "sessionAffinity":"None"}}
        """#
    static let serviceLb = #"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"lb","uid":"u-lb","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default"},"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.2",
        "clusterIPs":["10.96.0.2","fd00::5"],"ipFamilies":["IPv4","IPv6"],"ipFamilyPolicy":"PreferDualStack",
        "externalIPs":["9.9.9.9"],"loadBalancerIP":"1.1.1.1","loadBalancerSourceRanges":["10.0.0.0/8"],
        "healthCheckNodePort":31000,"externalTrafficPolicy":"Local","ports":[{"port":80,"targetPort":80,
        "protocol":"TCP"}],"sessionAffinity":"ClientIP"},"status":{"loadBalancer":{"ingress":[{"ip":"1.1.1.1",
        "ipMode":"VIP"}]}}}
        """#
    static let serviceExt = #"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"ext","uid":"u-ext","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default"},"spec":{"type":"ExternalName","externalName":
        "example.com","sessionAffinity":"None"}}
        """#
    static let endpointSliceWebAbc = #"""
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"web-abc","uid":
        "u-web-abc","creationTimestamp":"2026-01-01T00:00:00Z","namespace":"default","labels":{
        "kubernetes.io/service-name":"web"}},"addressType":"IPv4","ports":[{"name":"http","port":8080,
        "protocol":"TCP"},{"name":"dns","port":53,"protocol":"UDP"}],"endpoints":[{"addresses":["10.0.0.1"],
        "conditions":{"ready":true,"serving":true,"terminating":false},"targetRef":{"kind":"Pod","name":"web-1",
        "namespace":"default"},"nodeName":"node1","zone":"z1"},{"addresses":["10.0.0.2"],"conditions":{"ready":
        false},"hostname":"h"},{"addresses":["10.0.0.3"]},{"addresses":["10.0.0.4"]},{"addresses":[
        "10.0.0.5"]}]}
        """#
    static let endpointsWeb = #"""
        {"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"web","uid":"u-web","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default"},"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":
        "10.0.0.2"}],"notReadyAddresses":[{"ip":"10.0.0.3"}],"ports":[{"name":"http","port":80,"protocol":
        "TCP"},{"port":53,"protocol":"UDP"}]}]}
        """#
    static let nodeNode1 = #"""
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"node1","uid":"u-node1","creationTimestamp":
        "2026-01-01T00:00:00Z","labels":{"node-role.kubernetes.io/worker":"","kubernetes.io/hostname":"node1"}},
        "spec":{"podCIDR":"10.0.0.0/24","podCIDRs":["10.0.0.0/24"],"taints":[{"key":"k","value":"v","effect":
        "NoSchedule"},{"key":"k2","effect":"NoExecute"}]},"status":{"addresses":[{"type":"InternalIP","address":
        "192.168.0.1"},{"type":"Hostname","address":"node1"}],"capacity":{"cpu":"2","memory":"1Gi","pods":
        "110"},"allocatable":{"cpu":"2","memory":"1Gi","pods":"110"},"conditions":[{"type":"Ready","status":
        "True","lastHeartbeatTime":"2026-01-01T00:00:00Z","lastTransitionTime":"2026-01-01T00:00:00Z","reason":
        "KubeletReady","message":"ok"}],"nodeInfo":{"machineID":"m","systemUUID":"s","bootID":"b",
        "kernelVersion":"6.1","osImage":"Debian","containerRuntimeVersion":"lab://1","kubeletVersion":"v1.36",
        "kubeProxyVersion":"","operatingSystem":"linux","architecture":"amd64"}}}
        """#
    static let nodeNode2 = #"""
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"node2","uid":"u-node2","creationTimestamp":
        "2026-01-01T00:00:00Z"},"spec":{"unschedulable":true},"status":{}}
        """#
    static let namespaceDefault = #"""
        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default","uid":"u-default",
        "creationTimestamp":"2026-01-01T00:00:00Z","labels":{"kubernetes.io/metadata.name":"default"}},"spec":{
        "finalizers":["kubernetes"]},"status":{"phase":"Active"}}
        """#
    static let configMapCm = #"""
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm","uid":"u-cm","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default"},"data":{"b":"one\ntwo\n","a":"x"},"binaryData":{"bin":
        "AAEC"}}
        """#
    static let configMapCmempty = #"""
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cmempty","uid":"u-cmempty",
        "creationTimestamp":"2026-01-01T00:00:00Z","namespace":"default"}}
        """#
    static let secretTls = #"""
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"tls","uid":"u-tls","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default"},"type":"kubernetes.io/tls","data":{"tls.crt":"YWJj",
        "tls.key":"YQ=="}}
        """#
    static let deploymentWeb = #"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","uid":"u-web","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default","labels":{"app":"web","tier":"front"},"annotations":{
        "deployment.kubernetes.io/revision":"1"}},"spec":{"replicas":3,"minReadySeconds":0,"selector":{
        "matchLabels":{"app":"web"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%",
        "maxUnavailable":"25%"}},"template":{"metadata":{"labels":{"app":"web","tier":"front"},"annotations":{
        "t":"1"}},"spec":{"serviceAccountName":"sa","containers":[{"name":"nginx","image":"nginx:1","ports":[{
        "containerPort":80,"protocol":"TCP"}],"env":[{"name":"A","value":"1"}]}],"volumes":[{"name":"e",
        "emptyDir":{}}]}}},"status":{"replicas":3,"updatedReplicas":3,"availableReplicas":2,
        "unavailableReplicas":1,"readyReplicas":2,"conditions":[{"type":"Available","status":"True","reason":
        "MinimumReplicasAvailable"}]}}
        """#
    static let replicaSetWeb5D = #"""
        {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web-5d","uid":"u-web-5d",
        "creationTimestamp":"2026-01-01T00:00:00Z","namespace":"default","labels":{"app":"web","tier":"front"},
        "annotations":{"deployment.kubernetes.io/revision":"1"},"ownerReferences":[{"apiVersion":"apps/v1",
        "kind":"Deployment","name":"web","uid":"u-web","controller":true}]},"spec":{"replicas":3,"selector":{
        "matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web","tier":"front"},
        "annotations":{"t":"1"}},"spec":{"serviceAccountName":"sa","containers":[{"name":"nginx","image":
        "nginx:1","ports":[{"containerPort":80,"protocol":"TCP"}],"env":[{"name":"A","value":"1"}]}],"volumes":[
        {"name":"e","emptyDir":{}}]}}},"status":{"replicas":3,"readyReplicas":2}}
        """#
    static let networkPolicyNp = #"""
        {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"np","uid":"u-np",
        "creationTimestamp":"2026-01-01T00:00:00Z","namespace":"default"},"spec":{"podSelector":{"matchLabels":{
        "app":"web"}},"policyTypes":["Ingress","Egress"],"ingress":[{"ports":[{"port":80,"protocol":"TCP"},{
        "port":100,"endPort":200,"protocol":"UDP"},{"protocol":"TCP"}],"from":[{"podSelector":{"matchLabels":{
        "a":"b"}}},{"namespaceSelector":{"matchExpressions":[{"key":"k","operator":"In","values":["x","y"]}]},
        "podSelector":{"matchLabels":{"c":"d"}}},{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}]},{}
        ],"egress":[]}}
        """#
    static let networkPolicyDeny = #"""
        {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"deny","uid":"u-deny",
        "creationTimestamp":"2026-01-01T00:00:00Z","namespace":"default"},"spec":{"podSelector":{},
        "policyTypes":["Ingress"]}}
        """#
    static let ingressIng = #"""
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"ing","uid":"u-ing",
        "creationTimestamp":"2026-01-01T00:00:00Z","namespace":"default","annotations":{"a":"b"}},"spec":{
        "ingressClassName":"nginx","defaultBackend":{"service":{"name":"web","port":{"number":80}}},"tls":[{
        "hosts":["a.b","c.d"],"secretName":"tls"}],"rules":[{"host":"a.b","http":{"paths":[{"path":"/",
        "pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}},{"path":"/x","pathType":
        "Exact","backend":{"service":{"name":"nope","port":{"name":"http"}}}}]}},{"http":{"paths":[{"path":"/",
        "pathType":"Prefix","backend":{"service":{"name":"web","port":{"name":"http"}}}}]}}]},"status":{
        "loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}
        """#
    static let ingressClassNginx = #"""
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"nginx","uid":"u-nginx",
        "creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"controller":"k8s.io/nginx"}}
        """#
    static let leaseL = #"""
        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"l","uid":"u-l",
        "creationTimestamp":"2026-01-01T00:00:00Z","namespace":"default"},"spec":{"holderIdentity":"me",
        "leaseDurationSeconds":15,"renewTime":"2026-01-01T00:00:00.000000Z"}}
        """#
    static let eventE1 = #"""
        {"apiVersion":"v1","kind":"Event","metadata":{"name":"e1","uid":"u-e1","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default"},"type":"Normal","reason":"Started","message":
        "Started nginx","involvedObject":{"kind":"Pod","name":"web-1","namespace":"default"},"source":{
        "component":"kubelet"},"count":3,"firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":
        "2026-01-01T00:00:00Z"}
        """#
    static let eventE2 = #"""
        {"apiVersion":"v1","kind":"Event","metadata":{"name":"e2","uid":"u-e2","creationTimestamp":
        "2026-01-01T00:00:00Z","namespace":"default"},"type":"Warning","reason":"Failed","message":"Some",
        "involvedObject":{"kind":"Service","name":"web","namespace":"default"},"reportingComponent":"proxy",
        "eventTime":"2026-01-01T00:00:00.000000Z"}
        """#
    static let podEnding = #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"ending","namespace":"default","deletionTimestamp":
        "2026-01-01T00:09:30Z","deletionGracePeriodSeconds":30},"spec":{"containers":[{"name":"c","image":"i",
        "resources":{"limits":{"cpu":"1","memory":"1Gi"}}}]},"status":{"phase":"Running"}}
        """#
    static let leaseNode1 = #"""
        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"node1","namespace":
        "kube-node-lease"},"spec":{"holderIdentity":"node1","leaseDurationSeconds":40,"renewTime":
        "2026-01-01T00:09:50.000000Z"}}
        """#

    static let all = [
        podWeb1, podBare, podGoing, serviceWeb, serviceHeadless, serviceLb, serviceExt, endpointSliceWebAbc,
        endpointsWeb, nodeNode1, nodeNode2, namespaceDefault, configMapCm, configMapCmempty, secretTls,
        deploymentWeb, replicaSetWeb5D, networkPolicyNp, networkPolicyDeny, ingressIng, ingressClassNginx, leaseL,
        eventE1, eventE2, podEnding, leaseNode1,
    ]
}
