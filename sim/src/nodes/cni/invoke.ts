import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { KubeletError } from '../error.ts';

export type CniCommand = 'ADD' | 'DEL';

export interface PluginCall {
  readonly command: CniCommand;
  readonly type: string;
  /** Directories to look the program up in; the first hit wins. */
  readonly binDirs: readonly string[];
  readonly containerId: string;
  /** Empty when the namespace is gone (DEL only). */
  readonly netnsPath: string;
  readonly ifName: string;
  /** In order, as `KEY=VALUE;KEY=VALUE`. */
  readonly args: readonly (readonly [string, string])[];
  readonly config: object;
  readonly timeoutMs: number;
}

/** A plugin's own error: its numeric code is the specification's (section 5). */
export class PluginError extends KubeletError {
  readonly pluginCode: number | undefined;

  constructor(message: string, pluginCode?: number) {
    super('PLUGIN_FAILED', message);
    this.pluginCode = pluginCode;
  }
}

const STDERR_KEPT_CHARACTERS = 4096;
const BUSY_TRIES = 5;
const BUSY_WAIT_MS = 1000;

/**
 * Runs one plugin as the reference library does: no shell, no arguments, the
 * whole environment plus the six CNI variables, its configuration on stdin.
 *
 * @returns what it printed on stdout.
 * @throws {KubeletError} `PLUGIN_MISSING`; `PLUGIN_FAILED` with the plugin's
 *   message, or its stderr when it gave none.
 */
export async function invokePlugin(call: PluginCall): Promise<string> {
  const path = findPlugin(call);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(path, call);
    } catch (error) {
      // The program is being replaced by overwriting just now.
      if (!isTextFileBusy(error) || attempt === BUSY_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT_MS));
    }
  }
}

function findPlugin({ type, binDirs }: PluginCall): string {
  for (const dir of binDirs) {
    const path = join(dir, type);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  }
  throw new KubeletError('PLUGIN_MISSING', `there is no plugin "${type}" in ${binDirs.join(', ')}`);
}

function environment(call: PluginCall): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CNI_COMMAND: call.command,
    CNI_CONTAINERID: call.containerId,
    CNI_NETNS: call.netnsPath,
    CNI_IFNAME: call.ifName,
    CNI_PATH: call.binDirs.join(':'),
    CNI_ARGS: call.args.map(([key, value]) => `${key}=${value}`).join(';'),
  };
}

function runOnce(path: string, call: PluginCall): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [], {
      env: environment(call),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: call.timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = `${stderr}${text}`.slice(-STDERR_KEPT_CHARACTERS);
    });
    child.on('error', reject);
    // A plugin that ends without reading its input is no error of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(call.config));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(pluginFailure(call, { stdout, stderr, code, signal }));
    });
  });
}

function pluginFailure(
  call: PluginCall,
  ended: {
    readonly stdout: string;
    readonly stderr: string;
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
  },
): PluginError {
  const where = `plugin type="${call.type}" failed (${call.command.toLowerCase()})`;
  const exit = ended.signal === null ? `exit code ${ended.code}` : `ended by ${ended.signal}`;
  const stderr = ended.stderr.trim();
  if (ended.stdout.trim() === '') return new PluginError(`${where}: ${stderr === '' ? exit : `${stderr} (${exit})`}`);
  const answer = parseErrorAnswer(ended.stdout);
  if (!answer) return new PluginError(`${where}: ${exit}, and its answer is not JSON: ${ended.stdout.slice(0, 200)}`);
  const details = answer.details === '' ? '' : `; ${answer.details}`;
  return new PluginError(`${where}: ${answer.message}${details}`, answer.code);
}

function parseErrorAnswer(text: string): { message: string; details: string; code: number } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { msg, details, code } = value as Record<string, unknown>;
    return {
      message: typeof msg === 'string' && msg !== '' ? msg : `code ${String(code)}`,
      details: typeof details === 'string' ? details : '',
      code: typeof code === 'number' ? code : 0,
    };
  } catch {
    return undefined;
  }
}

function isTextFileBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ETXTBSY';
}
