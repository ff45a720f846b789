import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';

/** For a plugin to say its versions, milliseconds. */
const TIMEOUT_MS = 5_000;

/** What a CNI plugin says of itself. */
export interface PluginFacts {
  /** Major, minor and patch; undefined when it does not tell. */
  readonly release: readonly number[] | undefined;
  /** Versions of the CNI specification that it speaks; none when it does not tell. */
  readonly cniVersions: readonly string[];
}

/**
 * Runs a plugin to learn its versions; undefined when there is no such
 * program. Without a command the plugins of containernetworking print their
 * release, as in "CNI portmap plugin v1.9.1".
 */
export async function askPlugin(path: string): Promise<PluginFacts | undefined> {
  try {
    await access(path, constants.F_OK);
  } catch {
    return undefined;
  }
  const [about, version] = await Promise.all([
    run(path, {}, ''),
    run(path, { CNI_COMMAND: 'VERSION' }, '{"cniVersion":"1.0.0"}'),
  ]);
  return { release: releaseIn(about), cniVersions: versionsIn(version) };
}

/** Numbers of the first line that ends in a release. */
export function releaseIn(text: string): number[] | undefined {
  const found = /^CNI \S+ plugin v(\d+)\.(\d+)\.(\d+)/m.exec(text);
  return found?.slice(1).map(Number);
}

/** Source: CNI specification 1.1.0, "VERSION". */
export function versionsIn(answer: string): string[] {
  try {
    const { supportedVersions } = JSON.parse(answer) as { supportedVersions?: unknown };
    return Array.isArray(supportedVersions) ? supportedVersions.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

/** What it printed, on either stream; '' when it cannot be run here. */
function run(path: string, env: Record<string, string>, stdin: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(path, { env, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    );
    // A program that does not read its input is no failure.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}
