import { ANNOTATION } from '@margay/model';
import {
  type Cluster,
  Conversation,
  eventually,
  namespace,
  pod,
  remove,
  running,
  type Scenario,
  type Step,
  step,
} from '@margay/sim/scenarios';
import { MARGAY_NAMESPACE, testRelease } from './install.ts';

const NS = namespace('replicas');
const conversation = new Conversation();

/** What only a real cluster can be asked: these run before the scenarios that it shares with the simulator. */
export function realClusterScenarios({ kubeconfig }: { readonly kubeconfig: string }): Scenario[] {
  return [
    {
      name: 'interface-detection',
      claim: 'every node is reached by its address in the fabric, not by that in the management network',
      steps: [
        step('the Node objects say so', (cluster) =>
          eventually(async () => {
            for (const { name: node, address } of await cluster.nodes()) {
              const object = (await cluster.get('node', node)) as
                | {
                    metadata: { annotations?: Record<string, string> };
                    status?: { addresses?: { type: string; address: string }[] };
                  }
                | undefined;
              const told = object?.metadata.annotations?.[ANNOTATION.nodeAddress]?.replace(/\/\d+$/, '');
              if (told !== address) return `${node} says ${told ?? 'nothing'}, not ${address}`;
              const internal = object?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
              if (internal === address) return `${node} has only one address: there was no choice to make`;
            }
            return undefined;
          }),
        ),
      ],
    },
    {
      name: 'one-replica-killed',
      claim: 'pods start, and connections live on, though one replica of any service is killed meanwhile',
      steps: [
        conversation.open,
        step('there is a namespace', (cluster) => cluster.apply(NS)),
        ...['controller', 'ipam', 'policy', 'fanout'].map(podStartsWithout),
        conversation.lives,
      ],
      cleanUp: [remove(NS), conversation.close],
    },
    {
      name: 'helm-test',
      claim: 'the release’s own tests pass: pods of two nodes, a Service by its name, the outside',
      steps: [step('helm test margay', () => testRelease(kubeconfig))],
    },
  ];
}

/** Kills one of a service's replicas, and starts a pod at the same moment. */
function podStartsWithout(role: string): Step {
  return step(`a pod starts while one replica of ${role} is killed`, async (cluster) => {
    const node = await nodeOfReplica(cluster, role);
    const name = `beside-${role}`;
    const start = async (): Promise<void> => {
      await cluster.apply(pod(name, { namespace: 'replicas' }));
      await running(`replicas/${name}`).run(cluster);
    };
    await Promise.all([cluster.kill({ role, node }), start()]);
  });
}

async function nodeOfReplica(cluster: Cluster, role: string): Promise<string> {
  const replicas = (await cluster.list('pod', MARGAY_NAMESPACE)).filter(
    ({ metadata }) =>
      (metadata as { labels?: Record<string, string> }).labels?.['app.kubernetes.io/component'] === role,
  ) as unknown as { spec?: { nodeName?: string } }[];
  const node = replicas[0]?.spec?.nodeName;
  if (node === undefined || replicas.length < 2) throw new Error(`${role} has ${replicas.length} replicas, not two`);
  return node;
}
