import { namespace, networkPolicy, pod } from '../manifests.ts';
import type { Scenario } from '../scenario.ts';
import { eventually } from '../scenario.ts';
import { apply, cannotReach, reaches, remove, running, step } from '../steps.ts';

const NS = namespace('policy', { team: 'blue' });
const OTHER = namespace('policy-other', { team: 'red' });
const PODS = [
  pod('web', {
    namespace: 'policy',
    labels: { app: 'web' },
    ports: [
      { port: 80, protocol: 'TCP' },
      { port: 8080, protocol: 'TCP', name: 'alt' },
      { port: 53, protocol: 'UDP' },
    ],
  }),
  pod('client', { namespace: 'policy', labels: { app: 'client' } }),
  pod('stranger', { namespace: 'policy', labels: { app: 'stranger' } }),
  pod('client', { namespace: 'policy-other', labels: { app: 'client' } }),
].join('');

const WEB = 'policy/web';
const CLIENT = 'policy/client';
const STRANGER = 'policy/stranger';
const OTHER_CLIENT = 'policy-other/client';
const deny = networkPolicy('deny', 'policy', { podSelector: {}, policyTypes: ['Ingress'] });

const setUp = [apply(NS + OTHER + PODS), running(WEB, CLIENT, STRANGER, OTHER_CLIENT)];
const cleanUp = [remove(NS + OTHER)];
const web = { podSelector: { matchLabels: { app: 'web' } } };
const allow = (name: string, spec: object): string => networkPolicy(name, 'policy', { ...web, ...spec });

/** Waits for an Event on the policy that names the field. */
function saysNotSupported(policy: string, field: string) {
  return step(`an Event on ${policy} names ${field}`, (cluster) =>
    eventually(async () => {
      const events = await cluster.list('event', 'policy');
      const found = events.some((event) => {
        const { involvedObject, message } = event as { involvedObject?: { name?: string }; message?: string };
        return involvedObject?.name === policy && message?.includes(field);
      });
      return found ? undefined : `none of ${events.length} events does`;
    }),
  );
}

export const POLICY_SCENARIOS: readonly Scenario[] = [
  {
    name: 'default-deny',
    claim: 'without a policy everything passes; default deny lets nothing in; deleting it opens again',
    steps: [
      ...setUp,
      reaches(CLIENT, WEB),
      reaches(OTHER_CLIENT, WEB, { port: 53, protocol: 'udp' }),
      apply(deny),
      cannotReach(CLIENT, WEB, { port: 80, reason: 'timeout' }),
      cannotReach(OTHER_CLIENT, WEB, { port: 53, protocol: 'udp' }),
      cannotReach(CLIENT, WEB, { protocol: 'icmp' }),
      reaches(WEB, OTHER_CLIENT),
      remove(deny),
      reaches(CLIENT, WEB),
    ],
    cleanUp,
  },
  {
    name: 'policy-selectors',
    claim: 'a pod selector lets in pods of its own namespace alone, a namespace selector those of others',
    steps: [
      ...setUp,
      apply(allow('in', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }] })),
      reaches(CLIENT, WEB),
      cannotReach(STRANGER, WEB),
      cannotReach(OTHER_CLIENT, WEB),
      apply(allow('in', { ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'red' } } }] }] })),
      reaches(OTHER_CLIENT, WEB),
      cannotReach(CLIENT, WEB),
      apply(
        allow('in', {
          ingress: [
            {
              from: [
                {
                  namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['red', 'blue'] }] },
                  podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['stranger'] }] },
                },
              ],
            },
          ],
        }),
      ),
      reaches(OTHER_CLIENT, WEB),
      reaches(CLIENT, WEB),
      cannotReach(STRANGER, WEB),
    ],
    cleanUp,
  },
  {
    name: 'policy-ports',
    claim: 'ports are numbers of one protocol',
    steps: [
      ...setUp,
      apply(allow('in', { ingress: [{ ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] }] })),
      reaches(CLIENT, WEB, { port: 80 }),
      reaches(CLIENT, WEB, { port: 53, protocol: 'udp' }),
      cannotReach(CLIENT, WEB, { port: 8080 }),
    ],
    cleanUp,
  },
  {
    name: 'policy-egress',
    claim: 'egress rules hold the sender, and the node itself is a destination too',
    steps: [
      ...setUp,
      apply(
        networkPolicy('out', 'policy', {
          podSelector: { matchLabels: { app: 'client' } },
          policyTypes: ['Egress'],
          egress: [{ to: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 80 }] }],
        }),
      ),
      reaches(CLIENT, WEB, { port: 80 }),
      cannotReach(CLIENT, WEB, { port: 8080 }),
      cannotReach(CLIENT, STRANGER),
      step('the client does not reach its own node', async (cluster) => {
        const client = (await cluster.get('pod', 'client', 'policy')) as { status?: { hostIP?: string } };
        await cannotReach(CLIENT, client.status?.hostIP ?? '', { protocol: 'icmp' }).run(cluster);
        await reaches(STRANGER, client.status?.hostIP ?? '', { protocol: 'icmp' }).run(cluster);
      }),
      reaches(STRANGER, CLIENT),
    ],
    cleanUp,
  },
  {
    name: 'policy-ip-block',
    claim: 'an ipBlock holds its network without its exceptions',
    steps: [
      ...setUp,
      step('egress to all but the outside host is allowed', async (cluster) => {
        const { address, port } = cluster.outside;
        await reaches(CLIENT, address, { port }).run(cluster);
        const out = (block: object): string =>
          networkPolicy('out', 'policy', {
            podSelector: { matchLabels: { app: 'client' } },
            policyTypes: ['Egress'],
            egress: [{ to: [{ ipBlock: block }] }],
          });
        await cluster.apply(out({ cidr: '0.0.0.0/0', except: [`${address}/32`] }));
        await cannotReach(CLIENT, address, { port }).run(cluster);
        await reaches(CLIENT, WEB).run(cluster);
        await cluster.apply(out({ cidr: `${address}/32` }));
        await reaches(CLIENT, address, { port }).run(cluster);
        await cannotReach(CLIENT, WEB).run(cluster);
      }),
    ],
    cleanUp,
  },
  {
    name: 'policy-not-understood',
    claim: 'what is not understood is never ignored: it allows nothing more, and an Event names the field',
    steps: [
      ...setUp,
      apply(allow('range', { ingress: [{ ports: [{ port: 80, endPort: 9000 }] }] })),
      reaches(CLIENT, WEB, { port: 80 }),
      cannotReach(CLIENT, WEB, { port: 8080 }),
      saysNotSupported('range', 'spec.ingress[0].ports[0].endPort'),
      remove(allow('range', {})),
      apply(allow('named', { ingress: [{ ports: [{ port: 'alt' }] }] })),
      cannotReach(CLIENT, WEB, { port: 8080 }),
      saysNotSupported('named', 'spec.ingress[0].ports[0].port'),
    ],
    cleanUp,
  },
  {
    name: 'policy-label-change',
    claim: 'a change of labels moves a pod in and out of a policy',
    steps: [
      ...setUp,
      apply(allow('in', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }] })),
      cannotReach(STRANGER, WEB),
      apply(pod('stranger', { namespace: 'policy', labels: { app: 'client' } })),
      reaches(STRANGER, WEB),
      apply(pod('stranger', { namespace: 'policy', labels: { app: 'stranger' } })),
      cannotReach(STRANGER, WEB),
    ],
    cleanUp,
  },
];
