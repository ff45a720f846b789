import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../error.ts';
import { whyUnreadable } from './why-unreadable.ts';

export interface InputFile {
  /** As problems are told with it. */
  readonly name: string;
  readonly text: string;
}

const MANIFEST = /\.(ya?ml|json)$/;

/**
 * What the user's `-f` options name: files, directories (their manifests,
 * sorted), and `-` for standard input.
 *
 * @throws {CliError} `BAD_INPUT`
 */
export function readInput(sources: readonly string[]): InputFile[] {
  return sources.flatMap((source) => {
    if (source === '-') return [{ name: 'stdin', text: readFileSync(0, 'utf8') }];
    try {
      return statSync(source).isDirectory()
        ? readDirectory(source)
        : [{ name: source, text: readFileSync(source, 'utf8') }];
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw new CliError('BAD_INPUT', `${source}: ${whyUnreadable(error)}`, { cause: error });
    }
  });
}

function readDirectory(directory: string): InputFile[] {
  const names = readdirSync(directory)
    .filter((name) => MANIFEST.test(name))
    .sort();
  if (names.length === 0) throw new CliError('BAD_INPUT', `${directory}: has no *.yaml, *.yml or *.json file`);
  return names.map((name) => ({ name: join(directory, name), text: readFileSync(join(directory, name), 'utf8') }));
}
