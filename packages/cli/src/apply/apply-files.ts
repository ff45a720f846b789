import type { ApiClient } from '../api/client.ts';
import { discoverKinds } from '../api/discovery.ts';
import { qualifiedName } from '../api/types.ts';
import { CliError, EXIT } from '../error.ts';
import { inCreationOrder, type Target } from '../manifests/check-manifests.ts';
import { checkInput, refuseProblems } from '../manifests/load.ts';
import type { ParsedInput } from '../manifests/parse-manifests.ts';
import { note, print, printJson } from '../output/print.ts';
import { applyObject, type Outcome } from './apply-object.ts';
import { checkWithServer, refusalProblems } from './check-with-server.ts';
import { MergeSchemas } from './merge-schemas.ts';
import { poll } from './poll.ts';
import { waitUntilReady } from './wait.ts';

/** How long the server may take to serve a new kind, milliseconds. */
const NEW_KIND_MS = 10_000;

export interface ApplyOptions {
  /** Until pods are Running and nodes Ready. */
  readonly wait?: boolean;
  /** With `wait`: how long at most, seconds. */
  readonly timeout: number;
  readonly output: string;
}

/** The command `sim apply`; returns its exit code. */
export async function applyFiles(
  api: ApiClient,
  input: ParsedInput,
  { wait, timeout, output }: ApplyOptions,
): Promise<number> {
  const schemas = new MergeSchemas(api);
  const checked = await checkInput(api, input);
  const targets = inCreationOrder(checked.targets);
  const problems = [...checked.problems, ...(await checkWithServer(api, schemas, targets))];
  refuseProblems(unique(problems), 'nothing was created or changed');

  const done: { target: Target; outcome: Outcome }[] = [];
  for (const target of targets) {
    const outcome = await applyOne(api, schemas, target);
    done.push({ target, outcome });
    if (output === 'text') print(`${resultName(target)} ${outcome}`);
  }
  if (output === 'json') printJson({ objects: done.map(({ target, outcome }) => resultJson(target, outcome)) });
  if (wait !== true) return EXIT.DONE;
  const waiting = await waitUntilReady(api, targets, timeout * 1_000);
  for (const line of waiting) note(`margay: not ready: ${line}`);
  return waiting.length === 0 ? EXIT.DONE : EXIT.NO;
}

async function applyOne(api: ApiClient, schemas: MergeSchemas, target: Target): Promise<Outcome> {
  if (target.kindIsNew) await untilServed(api, target);
  const result = await applyObject(api, schemas, target, { dryRun: false, fieldValidation: 'Strict' });
  if ('outcome' in result) return result.outcome;
  refuseProblems(
    refusalProblems(target, result.refusal),
    'the objects before it were applied, those after it were not',
  );
  throw new CliError('FAILED', result.refusal.message);
}

async function untilServed(api: ApiClient, { kind }: Target): Promise<void> {
  const isServed = async (): Promise<boolean> =>
    (await discoverKinds(api)).some((one) => one.kind === kind.kind && one.group === kind.group);
  if (await poll(isServed, NEW_KIND_MS)) return;
  throw new CliError('FAILED', `the API server does not serve the new kind ${kind.kind} of ${kind.group}`);
}

function unique<T extends { file: string; line: number; text: string }>(problems: readonly T[]): T[] {
  return [...new Map(problems.map((problem) => [`${problem.file}:${problem.line}:${problem.text}`, problem])).values()];
}

function resultName({ kind, name }: Target): string {
  return `${qualifiedName(kind)}/${name}`;
}

function resultJson(target: Target, result: Outcome): object {
  const { kind, name, namespace } = target;
  return { kind: kind.kind, group: kind.group, ...(namespace !== undefined && { namespace }), name, result };
}
