import { describe, expect, it } from 'vitest';
import { configMap, manifest, node, pod, policy } from './manifests.ts';
import type { RunOptions } from './pair.ts';
import type { PairContext } from './steps.ts';

/** Where kubectl does, or prints, on our server what it does not on kube-apiserver: because that is wanted. */
interface WantedDifference extends RunOptions {
  readonly command: string | readonly string[];
  readonly why: string;
  /** Exit code, and what stands in the output. */
  readonly ours: readonly [code: number, says: string];
  readonly theirs: readonly [code: number, says: string];
}

const APPLY_NO_OWNERS = 'Fields have no owners here: one person or tool writes an object.';
const NO_CONTAINERS = 'Pods are network namespaces: there are no containers, and kubelets serve no requests.';
const NO_CONTROLLERS = 'There are no controllers that would act on such objects.';
const OWN_WORDS = 'The mistake is told in words of our own, not in those of Go.';
const ONE_USER = 'There is no authorization: every known user may do everything.';

function unserved(command: string, kind: string, made: string): WantedDifference {
  const says = `the simulator does not serve ${kind}; 'kubectl api-resources' lists what it serves`;
  return { command, why: NO_CONTROLLERS, ours: [1, says], theirs: [0, made] };
}

function withoutContainers(command: string, says: string, theirs: readonly [number, string]): WantedDifference {
  return { command, why: NO_CONTAINERS, ours: [1, `the simulator runs no containers: ${says}`], theirs };
}

const UNREACHABLE = [1, 'dial tcp'] as const;
const EXEC = "'margay sim exec NAMESPACE/POD -- COMMAND' runs a command in a pod's network";

const WRITES: readonly WantedDifference[] = [
  {
    command: 'apply -n shop --server-side -f -',
    input: manifest(configMap('owned')),
    why: APPLY_NO_OWNERS,
    ours: [1, 'server-side apply is not supported by this server: use client-side apply'],
    theirs: [0, 'configmap/owned serverside-applied'],
  },
  {
    command: 'diff -n shop --server-side -f -',
    input: manifest(configMap('settings', { x: 'y' })),
    why: APPLY_NO_OWNERS,
    ours: [2, 'server-side apply is not supported by this server: use client-side apply'],
    theirs: [1, '+  x: "y"'],
  },
  {
    command: 'apply -n shop --prune -l suite=none -f -',
    input: manifest(configMap('pruned', {}, { labels: { suite: 'none' } })),
    why: 'Without --prune-allowlist kubectl asks for kinds that are not served; it says which.',
    ours: [1, 'no matches for kind "PersistentVolumeClaim"'],
    theirs: [0, 'configmap/pruned'],
  },
  {
    command: 'create -n shop -f -',
    input: manifest(pod('classed', { priorityClassName: 'mine' })),
    why: 'There are no priority classes to look a name up in: any is taken.',
    ours: [0, 'pod/classed created'],
    theirs: [1, 'no PriorityClass with name mine was found'],
  },
  {
    command: 'create -f - -o yaml',
    input: manifest(node('fresh')),
    why: 'A new node is not tainted as not ready: no controller would take the taint away.',
    ours: [0, 'spec: {}'],
    theirs: [0, 'key: node.kubernetes.io/not-ready'],
  },
  {
    command: 'expose pod db --port=80 -n shop -o jsonpath={.spec.clusterIPs}',
    why: 'Services get no address: nothing in a simulation would answer there.',
    ours: [0, ''],
    theirs: [0, '["10.0.0.'],
  },
  {
    command: 'apply -f -',
    input: manifest(node('tainted', { taints: [{ key: 'a', effect: 'Nope' }] })),
    why: 'The field is named as it is called.',
    ours: [1, 'spec.taints[0].effect: Unsupported value'],
    theirs: [1, 'metadata.taints[0].effect: Unsupported value'],
  },
  {
    command: 'apply -n shop -f -',
    input: manifest(policy('backwards', { ingress: [{ ports: [{ port: 80, endPort: 79 }] }] })),
    why: 'The value is that of the field; Kubernetes shows the one before it.',
    ours: [1, 'endPort: Invalid value: 79'],
    theirs: [1, 'endPort: Invalid value: 80'],
  },
  {
    command: 'replace -n shop -f -',
    input: manifest(configMap('settings', {}, { uid: '00000000-0000-0000-0000-000000000000' })),
    why: 'What the storage is called inside is not told.',
    ours: [1, 'on configmaps "settings": Precondition failed: UID in precondition'],
    theirs: [1, 'on configmaps "settings": StorageError'],
  },
];

const PATCHES: readonly WantedDifference[] = [
  {
    command: ['patch', 'pod', 'web', '-n', 'shop', '-p', '{"spec":{"containers":[{"image":"i"}]}}'],
    why: OWN_WORDS,
    ours: [1, "(BadRequest): an element lacks its merge key 'name'"],
    theirs: [1, 'does not contain declared merge key: name'],
  },
  {
    command: ['patch', 'pod', 'web', '-n', 'shop', '-p', '{"spec":'],
    why: OWN_WORDS,
    ours: [1, '(BadRequest): the body of the request cannot be parsed: not valid JSON: the text ends in the middle'],
    theirs: [1, '(BadRequest): unexpected end of JSON input'],
  },
  {
    command: ['patch', 'pod', 'web', '-n', 'shop', '-p', '[]'],
    why: OWN_WORDS,
    ours: [1, '(BadRequest): a strategic merge patch must be an object'],
    theirs: [1, '(BadRequest): json: cannot unmarshal array'],
  },
  {
    command: ['patch', 'pod', 'web', '-n', 'shop', '--type=json', '-p', '{"a":"b"}'],
    why: OWN_WORDS,
    ours: [1, '(BadRequest): a JSON patch must be a list of operations'],
    theirs: [1, '(BadRequest): error decoding patch'],
  },
  {
    command: [
      ...['patch', 'pod', 'web', '-n', 'shop', '--dry-run=server', '--type=json'],
      ...['-p', '[{"op":"replace","path":"/metadata/labels/nope","value":"1"}]'],
    ],
    why: 'RFC 6902 §4.3: what is replaced must be there.',
    ours: [1, 'due to an error in our request'],
    theirs: [0, 'pod/web patched'],
  },
  {
    command: ['patch', 'ippool', 'main', '-p', '{"spec":{"disabled":true}}'],
    why: APPLY_NO_OWNERS,
    ours: [1, 'application/json-patch+json, application/merge-patch+json\n'],
    theirs: [1, 'application/merge-patch+json, application/apply-patch+yaml'],
  },
];

const PODS: readonly WantedDifference[] = [
  withoutContainers(
    'logs web -n shop',
    "there are no logs of pods; 'kubectl describe pod' shows how a pod fares",
    UNREACHABLE,
  ),
  withoutContainers('exec web -n shop -- true', EXEC, UNREACHABLE),
  withoutContainers('cp web:/a /tmp/a -n shop', EXEC, UNREACHABLE),
  withoutContainers('attach web -n shop', `there is nothing to attach to; ${EXEC}`, UNREACHABLE),
  withoutContainers('debug web -n shop --image=i --profile=general', `none can be added; ${EXEC}`, [
    0,
    'Defaulting debug container name',
  ]),
  withoutContainers(
    'port-forward pod/web :80 -n shop',
    "there is nothing to forward to; 'margay sim probe' tries connections between pods",
    UNREACHABLE,
  ),
  withoutContainers(
    'port-forward svc/web :80 -n shop',
    "there is nothing to forward to; 'margay sim probe' tries connections between pods",
    UNREACHABLE,
  ),
  {
    command: 'create token robot -n shop',
    why: 'Pods do not speak to the API: nobody would use a token.',
    ours: [1, 'the simulator issues no tokens: use those of the simulation'],
    theirs: [0, 'eyJ'],
  },
];

const KINDS: readonly WantedDifference[] = [
  unserved('create deployment d --image=i -n empty', 'deployments.apps', 'deployment.apps/d created'),
  unserved('create job j --image=i -n empty', 'jobs.batch', 'job.batch/j created'),
  unserved('create quota q -n empty', 'resourcequotas', 'resourcequota/q created'),
  unserved('create role r --verb=get --resource=pods -n empty', 'roles.rbac.authorization.k8s.io', 'r created'),
  unserved('create ingress i --rule=a.example.com/=web:80 -n empty', 'ingresses.networking.k8s.io', 'i created'),
  unserved('create pdb p --selector=a=b --min-available=1 -n empty', 'poddisruptionbudgets.policy', 'p created'),
  unserved('cluster-info dump', 'replicationcontrollers', 'ReplicationControllerList'),
  {
    command: 'get deployments -n empty',
    why: NO_CONTROLLERS,
    ours: [1, 'the server doesn\'t have a resource type "deployments"'],
    theirs: [0, 'READY'],
  },
  {
    command: 'scale deployment d --replicas=3 -n empty',
    why: NO_CONTROLLERS,
    ours: [1, 'the server doesn\'t have a resource type "deployment"'],
    theirs: [0, 'deployment.apps/d scaled'],
  },
  {
    command: 'autoscale deployment d --max=3 -n empty',
    why: NO_CONTROLLERS,
    ours: [1, 'the server doesn\'t have a resource type "deployment"'],
    theirs: [0, 'autoscaled'],
  },
  {
    command: 'get pv',
    why: 'Pods store nothing.',
    ours: [1, 'the server doesn\'t have a resource type "pv"'],
    theirs: [0, 'No resources found'],
  },
  {
    command: 'describe ns kube-public',
    why: 'There are no quotas and limits; kubectl leaves out what it knows nothing of.',
    ours: [0, 'Status:  Active\n'],
    theirs: [0, 'Status:  Active\n\nNo resource quota.'],
  },
];

const SERVER: readonly WantedDifference[] = [
  { command: 'version', why: 'It says what it is.', ours: [0, '-margay'], theirs: [0, 'Server Version: v1.34'] },
  {
    command: 'auth can-i delete pods --as=someone',
    why: ONE_USER,
    ours: [0, 'yes'],
    theirs: [1, 'no'],
  },
  { command: 'auth can-i --list', why: ONE_USER, ours: [0, '[*]  []  [*]\n'], theirs: [0, '[/healthz]  []  [get]'] },
  {
    command: 'auth whoami',
    why: ONE_USER,
    ours: [0, 'Groups  [system:authenticated]'],
    theirs: [0, 'Groups  [system:masters system:authenticated]'],
  },
  {
    command: 'get --raw /metrics',
    why: 'Nobody watches the server of a simulation.',
    ours: [1, 'the server could not find the requested resource'],
    theirs: [0, 'apiserver_request_total'],
  },
];

const TABLE: readonly WantedDifference[] = [...WRITES, ...PATCHES, ...PODS, ...KINDS, ...SERVER];

export function describeWantedDifferences(context: PairContext): void {
  describe('wanted differences', () => {
    it.each(TABLE.map((row) => [titleOf(row), row] as const))(
      '%s',
      async (_, { command, ours, theirs, input, env }) => {
        const options = { ...(input !== undefined && { input }), ...(env !== undefined && { env }) };
        const found = await context.pair.run(command, options);
        expect(found.ours).not.toEqual(found.theirs);
        expect([found.ours.code, found.ours.stdout + found.ours.stderr]).toEqual([
          ours[0],
          expect.stringContaining(ours[1]),
        ]);
        expect([found.theirs.code, found.theirs.stdout + found.theirs.stderr]).toEqual([
          theirs[0],
          expect.stringContaining(theirs[1]),
        ]);
      },
    );
  });
}

function titleOf({ command, why }: WantedDifference): string {
  return `${typeof command === 'string' ? command : command.join(' ')}: ${why}`;
}
