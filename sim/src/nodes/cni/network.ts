import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeDurablySync, writeDurablySync } from '@margay/runtime';
import type { NetworkList, PluginConfig } from './conflist.ts';
import { type CniCommand, invokePlugin } from './invoke.ts';
import { type CniResult, parseResult } from './result.ts';

/** Where the container is, and who asks. */
export interface Attachment {
  readonly containerId: string;
  /** Empty when the namespace is gone (DEL only). */
  readonly netnsPath: string;
  readonly ifName: string;
  readonly args: readonly (readonly [string, string])[];
  /** Offered to plugins that declare the capability, as `runtimeConfig`. */
  readonly capabilityArgs?: Readonly<Record<string, unknown>>;
}

export interface CniRuntime {
  readonly binDirs: readonly string[];
  /** Holds what ADD answered, for DEL; survives a restart. */
  readonly cacheDir: string;
  readonly timeoutMs: number;
}

interface CachedAttachment {
  readonly kind: 'margaySimCniCacheV1';
  readonly list: NetworkList;
  readonly attachment: Attachment;
  readonly result: CniResult;
}

/**
 * Runs ADD on every plugin in order, each with the result of the one before.
 * The first error stops, and nothing is kept of it; calling `delNetworkList` is
 * then up to the caller. What DEL will need is on disk on return.
 *
 * @throws {KubeletError} `PLUGIN_MISSING`, `PLUGIN_FAILED`
 */
export async function addNetworkList(
  runtime: CniRuntime,
  list: NetworkList,
  attachment: Attachment,
): Promise<CniResult> {
  let result: CniResult | undefined;
  for (const plugin of list.plugins) {
    const config = pluginConfig(list, plugin, attachment, result);
    const stdout = await run(runtime, 'ADD', plugin, attachment, config);
    result = parseResult(plugin.type, stdout, list.cniVersion);
  }
  const final = result ?? {};
  const entry: CachedAttachment = { kind: 'margaySimCniCacheV1', list, attachment, result: final };
  const path = cachePath(runtime, list.name, attachment);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeDurablySync(path, JSON.stringify(entry));
  return final;
}

/**
 * Runs DEL on every plugin in reverse order, with the configuration and the
 * result of the ADD where they are known. Stops at the first error, and may
 * be called again until it succeeds.
 *
 * @throws {KubeletError} `PLUGIN_MISSING`, `PLUGIN_FAILED`
 */
export async function delNetworkList(runtime: CniRuntime, list: NetworkList, attachment: Attachment): Promise<void> {
  const path = cachePath(runtime, list.name, attachment);
  const cached = readCache(path);
  const known = cached?.list ?? list;
  const complete: Attachment = { ...cached?.attachment, ...attachment };
  const previous = sendsPreviousResult(known.cniVersion) ? cached?.result : undefined;
  for (const plugin of known.plugins.toReversed()) {
    await run(runtime, 'DEL', plugin, complete, pluginConfig(known, plugin, complete, previous));
  }
  if (existsSync(path)) removeDurablySync(path);
}

/** The configuration of one plugin (specification, section 4, "Deriving execution configuration"). */
export function pluginConfig(
  list: NetworkList,
  plugin: PluginConfig,
  attachment: Attachment,
  previous: CniResult | undefined,
): object {
  const runtimeConfig = Object.fromEntries(
    Object.entries(attachment.capabilityArgs ?? {}).filter(([name]) => plugin.capabilities?.[name] === true),
  );
  return {
    ...plugin,
    name: list.name,
    cniVersion: list.cniVersion,
    ...(Object.keys(runtimeConfig).length > 0 && { runtimeConfig }),
    ...(previous && { prevResult: previous }),
  };
}

function run(
  runtime: CniRuntime,
  command: CniCommand,
  { type }: PluginConfig,
  attachment: Attachment,
  config: object,
): Promise<string> {
  const { containerId, netnsPath, ifName, args } = attachment;
  const { binDirs, timeoutMs } = runtime;
  return invokePlugin({ command, type, binDirs, timeoutMs, containerId, netnsPath, ifName, args, config });
}

function cachePath(runtime: CniRuntime, network: string, { containerId, ifName }: Attachment): string {
  return join(runtime.cacheDir, `${network}-${containerId}-${ifName}`);
}

/** Undefined when there is none that can be read: DEL goes without it then, as it must after a failed ADD. */
function readCache(path: string): CachedAttachment | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return 'kind' in value && value.kind === 'margaySimCniCacheV1' ? (value as CachedAttachment) : undefined;
}

/** DEL has `prevResult` since 0.4.0. */
function sendsPreviousResult(cniVersion: string): boolean {
  return !/^0\.[0-3]\./.test(cniVersion);
}
