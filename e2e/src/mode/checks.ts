import { ANNOTATION } from '@margay/model';
import type { Scenario } from '@margay/sim/scenarios';
import { eventually, step } from '@margay/sim/scenarios';
import { testRelease } from './install.ts';

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
      name: 'helm-test',
      claim: 'the release’s own tests pass: pods of two nodes, a Service by its name, the outside',
      steps: [step('helm test margay', () => testRelease(kubeconfig))],
    },
  ];
}
