import { configMap, manifest } from './manifests.ts';
import { describeSteps, fails, ok, type PairContext } from './steps.ts';

export function describeGet(context: PairContext): void {
  describeSteps(context, 'get: tables', [
    ok('get pods -n shop', 'Init:ExitCode:4'),
    ok('get pods -n shop -o wide', 'NOMINATED NODE'),
    ok('get pods -n shop -l app=web --show-labels', 'app=web,tier=front'),
    ok('get pods -n shop -L app,tier --no-headers', 'front'),
    ok('get pods -A', 'shop  sidecar  2/2'),
    ok('get nodes', 'NotReady,SchedulingDisabled'),
    ok('get nodes -o wide', 'containerd://2.0.0'),
    ok('get ns', 'kube-node-lease'),
    ok('get svc -n shop -o wide', 'app=web,tier=front'),
    ok('get sa,cm,secret,leases -n shop', 'configmap/settings'),
    ok('get endpoints,endpointslices -n shop', '+ 1 more...'),
    ok('get netpol -n shop', 'app in (db,web),!old'),
    ok('get ippools -o wide', '10.9.0.0/16'),
    ok('get baff -o wide', 'confirmed'),
    ok('get crd', 'ippools.networking.margay.dev'),
    ok('get margay', 'ippool.networking.margay.dev/main'),
    ok('get all -n shop', 'service/outside'),
    ok('get pods,svc,netpol -n shop -o name', 'networkpolicy.networking.k8s.io/rich'),
    ok('get pods -n shop --server-print=false', 'web'),
    ok('get ippools --server-print=false', 'off'),
    ok('get pods -n shop --chunk-size=2 -o name', 'pod/web'),
    ok('get pod/web svc/web -n shop', 'service/web'),
    ok('get ippool main --subresource=status', 'main'),
    ok('get pods -n shop --sort-by=.status.podIP -o name', 'pod/web'),
  ]);

  describeSteps(context, 'get: whole objects', [
    ok('get pods -n shop -o yaml', 'phase: Succeeded'),
    ok('get pod web -n shop -o json', '"lastProbeTime": null'),
    ok('get nodes -o yaml', 'kubeletVersion: v1.34.0'),
    ok('get ns shop -o yaml', 'team: a'),
    ok('get svc,endpoints,endpointslices -n shop -o yaml', 'clusterIP: None'),
    ok('get sa,cm,secret,leases -n shop -o yaml', 'token: c2VjcmV0'),
    ok('get netpol -n shop -o yaml', 'endPort: 8010'),
    ok('get events -n shop -o yaml', 'reportingComponent: kubelet'),
    ok('get ippools,blockaffinities -o yaml', 'natOutgoing: true'),
    ok('get pod web -n shop -o jsonpath={.status.podIP}', '10.1.0.5'),
    ok('get pods -n shop -o jsonpath={.kind}/{.apiVersion}/{.items[*].metadata.name}', 'List/v1/crash'),
    ok('get pods -n shop -o custom-columns=N:.metadata.name,P:.status.phase,X:.spec.nope', 'web  Running  <none>'),
    ok(['get', 'pods', '-n', 'shop', '-o', 'go-template={{range .items}}{{.metadata.name}} {{end}}'], 'web'),
    ok('get -n shop -f -', 'settings', { input: manifest(configMap('settings')) }),
  ]);

  describeSteps(context, 'get: selections', [
    ok('get pods -n shop -l app=web -o name', 'pod/web'),
    ok(['get', 'pods', '-n', 'shop', '-o', 'name', '-l', 'app in (web,db)'], 'pod/db'),
    ok(['get', 'pods', '-n', 'shop', '-o', 'name', '-l', 'app notin (web,db),app'], 'pod/crash'),
    ok('get pods -n shop -l app!=web -o name', 'pod/db'),
    ok('get pods -n shop -l tier -o name', 'pod/web'),
    ok('get pods -n shop -l !tier -o name', 'pod/db'),
    ok('get pods -n shop -l app=', 'No resources found in shop namespace.'),
    fails(['get', 'pods', '-n', 'shop', '-l', 'app in'], 'unable to parse requirement'),
    fails(['get', 'pods', '-n', 'shop', '-l', 'a b=c'], 'unable to parse requirement'),
    ok('get pods -n shop --field-selector spec.nodeName=n1,status.phase!=Failed -o name', 'pod/crash'),
    ok('get pods -A --field-selector metadata.namespace=shop,metadata.name=web', 'Running'),
    ok('get nodes --field-selector spec.unschedulable=true -o name', 'node/n2'),
    ok('get ns --field-selector status.phase=Active -o name', 'namespace/shop'),
    ok('get secrets -n shop --field-selector type=Opaque -o name', 'secret/key'),
    ok('get events -n shop --field-selector involvedObject.name=db,involvedObject.kind=Pod', 'FailedScheduling'),
    ok('get ippools --field-selector metadata.name=off -o name', 'off'),
    fails('get ippools --field-selector spec.disabled=true', 'field label not supported: spec.disabled'),
    fails('get pods -n shop --field-selector spec.containers=1', 'field label not supported: spec.containers'),
    fails('get pods -n shop --field-selector nonsense', "invalid selector: 'nonsense'"),
  ]);

  describeSteps(context, 'get: what is not there', [
    fails('get pod nope -n shop', 'pods "nope" not found'),
    fails('get pod web nope -n shop', 'pods "nope" not found'),
    fails('get ippool nope', 'ippools.networking.margay.dev "nope" not found'),
    ok('get pod nope -n shop --ignore-not-found', ''),
    fails('get widgets', 'doesn\'t have a resource type "widgets"'),
    fails('get widgets.example.com', 'doesn\'t have a resource type "widgets"'),
    ok('get pods -n empty', 'No resources found in empty namespace.'),
    ok('get all -n empty', 'No resources found in empty namespace.'),
    ok('get pods -n nowhere', 'No resources found in nowhere namespace.'),
    fails('get pods -n shop -o nope', 'unable to match a printer'),
    ok('get po,no,ns,ipp -n shop -o name', 'node/n1'),
    ok('get pods.v1. -n shop -o name', 'pod/web'),
    ok('get ippools.v1.networking.margay.dev -o name', 'main'),
  ]);

  describeSteps(context, 'get: raw', [
    ok('get --raw /readyz', 'ok'),
    ok('get --raw /livez', 'ok'),
    fails('get --raw /nope', 'the server could not find the requested resource'),
    fails('get --raw /api/v1/nopes', 'the server could not find the requested resource'),
    fails('get --raw /apis/nope.example.com/v1/nopes', 'the server could not find the requested resource'),
    fails('get --raw /api/v1/namespaces/shop/pods/nope', 'pods "nope" not found'),
  ]);

  describeSteps(context, 'events', [
    ok('get events -n shop --sort-by=.lastTimestamp', 'Started container c'),
    ok('get events -n shop -o wide', 'scheduler, s-1'),
    ok('events -n shop', 'Unhealthy'),
    ok('events -n shop --for pod/web', 'Started'),
    ok('events -n shop --types=Warning', 'FailedScheduling'),
  ]);
}
