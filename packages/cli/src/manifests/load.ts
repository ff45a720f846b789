import type { ApiClient } from '../api/client.ts';
import { discoverKinds } from '../api/discovery.ts';
import { CliError } from '../error.ts';
import { type CheckedInput, checkManifests } from './check-manifests.ts';
import type { Problem } from './manifest.ts';
import { type ParsedInput, parseManifests } from './parse-manifests.ts';
import { readInput } from './read-input.ts';

/**
 * Reads what the `-f` options name.
 *
 * @throws {CliError} `BAD_INPUT`: there is no such file, or nothing in it
 */
export function loadInput(sources: readonly string[]): ParsedInput {
  const { manifests, problems } = parseManifests(readInput(sources));
  if (manifests.length === 0 && problems.length === 0) {
    throw new CliError('BAD_INPUT', `${sources.join(', ')}: there is no object in it`);
  }
  return { manifests, problems };
}

/**
 * Checks the whole input as far as it goes without the server's rules;
 * problems come back, so that those of the server can join them.
 */
export async function checkInput(api: ApiClient, { manifests, problems }: ParsedInput): Promise<CheckedInput> {
  const checked = checkManifests(manifests, await discoverKinds(api));
  return { targets: checked.targets, problems: [...problems, ...checked.problems] };
}

/** @throws {CliError} `BAD_INPUT`, all problems in one, each `FILE:LINE: …`; nothing when there is none */
export function refuseProblems(problems: readonly Problem[], consequence: string): void {
  if (problems.length === 0) return;
  const order = new Map(problems.map(({ file }, index) => [file, index] as const));
  const lines = problems
    .toSorted((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line)
    // A syntax error has its column where others have their object.
    .map(({ file, line, text }) => (/^\d+: /.test(text) ? `${file}:${line}:${text}` : `${file}:${line}: ${text}`));
  throw new CliError('BAD_INPUT', [...lines, consequence].join('\n'));
}
