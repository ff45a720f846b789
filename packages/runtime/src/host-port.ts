import { OptionError } from './options.ts';

export interface HostPort {
  /** Without the brackets that an IPv6 address is written with. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/**
 * Reads `HOST:PORT` or `[IPV6]:PORT` of an option.
 *
 * @throws {OptionError}
 */
export function parseHostPort(text: string, option: string): HostPort {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]+)):([0-9]{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new OptionError(`--${option} is '${text}', but must be HOST:PORT, such as 127.0.0.1:7000.`);
  }
  return { host: match[1] ?? match[2] ?? '', port };
}
