import { SUPPORTED_CNI_VERSIONS } from '@margay/cni-plugin';
import { CNI_CODE, CniError, reasonOf } from './cni-error.ts';
import type { CniCommand } from './environment.ts';

export type CniVersion = (typeof SUPPORTED_CNI_VERSIONS)[number];

/** The plugin's configuration as the runtime passes it on stdin; unknown keys are ignored. */
export interface NetworkConfiguration {
  readonly cniVersion: CniVersion;
  readonly name: string;
  readonly dns: Readonly<Record<string, unknown>>;
  readonly prevResult?: Readonly<Record<string, unknown>>;
  /** GC only; absent when the runtime gave no list, which is not an empty one. */
  readonly validAttachments?: readonly Attachment[];
}

export interface Attachment {
  readonly containerID: string;
  readonly ifname: string;
}

/** First version of the specification that has the command. */
const SINCE = { CHECK: '0.4.0', GC: '1.1.0', STATUS: '1.1.0' } as const;

/**
 * Parses and checks the network configuration.
 *
 * @throws {CniError} 1, 6, 7
 */
export function readNetworkConfiguration(stdin: string, command: CniCommand): NetworkConfiguration {
  const config = decode(stdin);
  const { name } = config;
  if (name !== undefined && typeof name !== 'string') throw undecodable('name is not a string');
  if (name === undefined || name === '') throw new CniError(CNI_CODE.invalidNetworkConfig, 'missing network name');
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
    throw new CniError(CNI_CODE.invalidNetworkConfig, 'invalid characters found in network name', { details: name });
  }
  const cniVersion = checkVersion(config.cniVersion, command);
  const attachments = config['cni.dev/valid-attachments'] ?? config['cni.dev/attachments'];
  return {
    cniVersion,
    name,
    dns: isObject(config.dns) ? config.dns : {},
    ...(isObject(config.prevResult) && { prevResult: config.prevResult }),
    ...(command === 'GC' && Array.isArray(attachments) && { validAttachments: attachments.map(readAttachment) }),
  };
}

/** The version that an answer may carry when the configuration itself is refused. */
export function versionForErrors(stdin: string): string | undefined {
  try {
    const { cniVersion } = decode(stdin);
    return typeof cniVersion === 'string' && cniVersion !== '' ? cniVersion : undefined;
  } catch {
    return undefined;
  }
}

function decode(stdin: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(stdin);
  } catch (error) {
    throw undecodable(reasonOf(error), error);
  }
  if (!isObject(value)) throw undecodable('it is not an object');
  return value;
}

function checkVersion(value: unknown, command: CniCommand): CniVersion {
  if (value !== undefined && typeof value !== 'string') throw undecodable('cniVersion is not a string');
  const version = value || '0.1.0';
  if (command === 'CHECK' || command === 'GC' || command === 'STATUS') {
    const numbers = parseVersion(version);
    if (compareVersions(numbers, parseVersion(SINCE[command])) < 0) {
      throw new CniError(CNI_CODE.incompatibleVersion, `config version does not allow ${command}`);
    }
    if (!SUPPORTED_CNI_VERSIONS.some((supported) => compareVersions(parseVersion(supported), numbers) >= 0)) {
      throw new CniError(CNI_CODE.incompatibleVersion, `plugin version does not allow ${command}`);
    }
  }
  const supported = SUPPORTED_CNI_VERSIONS.find((candidate) => candidate === version);
  if (supported) return supported;
  const known = SUPPORTED_CNI_VERSIONS.map((candidate) => `"${candidate}"`).join(' ');
  throw new CniError(CNI_CODE.incompatibleVersion, 'incompatible CNI versions', {
    details: `config is "${version}", plugin supports [${known}]`,
  });
}

function parseVersion(text: string): number[] {
  const parts = text.split('.');
  if (parts.length > 3 || parts.some((part) => !/^[0-9]+$/.test(part))) {
    throw undecodable(`cniVersion '${text}' is not a version`);
  }
  return parts.map(Number);
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function readAttachment(value: unknown): Attachment {
  if (isObject(value) && typeof value.containerID === 'string' && typeof value.ifname === 'string') {
    return { containerID: value.containerID, ifname: value.ifname };
  }
  throw undecodable('an entry of cni.dev/valid-attachments has no containerID or ifname');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function undecodable(reason: string, cause?: unknown): CniError {
  return new CniError(CNI_CODE.decodingFailure, `error unmarshall network config: ${reason}`, { cause });
}
