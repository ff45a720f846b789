import type { ProbeAnswer, SimulationStatus, UpResult } from '@margay/sim';
import { countAllowed, type Matrix, matrixOf, printMatrix, type Verdict, verdictOf } from '../output/matrix.ts';
import { print } from '../output/print.ts';
import { DEFAULT_NAME } from './options.ts';
import { nodeLines } from './status.ts';

/** What `up -o json` prints. */
export interface UpSummary {
  readonly name: string;
  readonly mode: string;
  readonly profile: string;
  readonly nodes: readonly { readonly name: string; readonly address: string; readonly ready: boolean }[];
  readonly pods: readonly {
    readonly name: string;
    readonly address: string;
    readonly node: string;
    readonly phase: string;
  }[];
  /** Between which pods connections were tried, and what came of it. */
  readonly matrix: Matrix;
  readonly outside: { readonly address: string; readonly verdicts: Readonly<Record<string, Verdict>> };
  readonly allAllowed: boolean;
  readonly kubeconfig: string;
  readonly seconds: number;
}

/** What a simulation is, and which connections were tried. */
export type Verified = Pick<UpResult, 'status' | 'verified' | 'outsideAddress' | 'seconds'>;

export function summaryOf({ status, verified, outsideAddress, seconds }: Verified): UpSummary {
  const isOutside = ({ to }: ProbeAnswer): boolean => to === outsideAddress;
  const pods = podsOf(status);
  return {
    name: status.name,
    mode: status.mode,
    profile: status.profile,
    nodes: status.nodes.map(({ name, address, ready }) => ({ name, address, ready })),
    pods,
    matrix: matrixOf(
      verified.filter((answer) => !isOutside(answer)),
      pods.filter(({ phase }) => phase === 'Running').map(({ name }) => name),
    ),
    outside: {
      address: outsideAddress,
      verdicts: Object.fromEntries(verified.filter(isOutside).map((answer) => [answer.from, verdictOf(answer)])),
    },
    allAllowed: verified.every(({ allowed }) => allowed),
    kubeconfig: status.kubeconfig,
    seconds,
  };
}

function podsOf({ nodes }: SimulationStatus): UpSummary['pods'] {
  return nodes.flatMap(({ name: node, pods }) =>
    pods.map(({ name, address, phase }) => ({ name, address, node, phase })),
  );
}

export function printSummary(result: Verified, headline = headlineOf(result)): void {
  const summary = summaryOf(result);
  print('');
  for (const line of nodeLines(result.status.nodes)) print(line);
  printVerification(summary);
  print(`\n${headline}`);
  print(`kubeconfig: ${summary.kubeconfig}`);
  print('\nWhat to try next:');
  for (const line of nextSteps(summary)) print(`  ${line}`);
}

function headlineOf({ status: { name, profile, mode }, seconds }: Verified): string {
  return `Simulation '${name}' (${profile}, ${mode}) is up after ${seconds.toFixed(1)} s.`;
}

/** The matrix and the outside world. */
export function printVerification({ matrix, outside }: Pick<UpSummary, 'matrix' | 'outside'>): void {
  const { allowed, total } = countAllowed(matrix);
  if (total > 0) {
    print('\nConnections between pods:');
    printMatrix(matrix, '  ');
    print(`${allowed} of ${total} connections between pods work.`);
  }
  const fromPods = Object.values(outside.verdicts);
  if (fromPods.length === 0) return;
  const reached = fromPods.filter((verdict) => verdict === 'allowed').length;
  print(`${reached} of ${fromPods.length} pods reach the outside host ${outside.address}.`);
}

/** Commands that work as they stand. */
export function nextSteps({ name, pods, nodes, kubeconfig }: UpSummary): string[] {
  const option = name === DEFAULT_NAME ? '' : ` --name ${name}`;
  const [from, to] = [pods[0], pods.find(({ node }) => node !== pods[0]?.node) ?? pods[1]];
  const steps = [
    ...(from !== undefined && to !== undefined
      ? [`npx margay sim probe${option} --from ${from.name} --to ${to.name} --port 80`]
      : []),
    ...(from !== undefined ? [`npx margay sim exec${option} ${from.name} -- ip address`] : []),
    ...(nodes[0] !== undefined ? [`npx margay sim capture${option} ${nodes[0].name}`] : []),
    `npx margay sim apply${option} -f policy.yaml     # a NetworkPolicy, then: npx margay sim probe${option} --all`,
    `kubectl --kubeconfig ${kubeconfig} get pods -A -o wide`,
    `npx margay sim down${option}`,
  ];
  return steps;
}
