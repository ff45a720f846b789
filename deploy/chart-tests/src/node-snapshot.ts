import type { StartedNode } from '@margay/kind-node';
import { linesOf, withoutCounters, withoutKubeProxy } from './snapshot-text.ts';

/** What a node has that Margay could have changed: lines by what they are of. */
export type NodeSnapshot = Readonly<Record<string, readonly string[]>>;

interface Question {
  readonly of: string;
  readonly command: readonly string[];
  readonly read?: (lines: readonly string[]) => readonly string[];
}

/** Directories whose files are compared by mode, owner and content. */
const FOLDERS = ['/etc/cni', '/opt/cni', '/var/lib/cni', '/var/lib/margay', '/run/margay', '/sys/fs/bpf'];

const QUESTIONS: readonly Question[] = [
  { of: 'links', command: ['ip', '-o', 'link'] },
  { of: 'addresses', command: ['ip', '-o', 'addr'] },
  { of: 'IPv4 routes', command: ['ip', '-4', 'route', 'show', 'table', 'all'] },
  { of: 'IPv6 routes', command: ['ip', '-6', 'route', 'show', 'table', 'all'] },
  { of: 'IPv4 rules', command: ['ip', '-4', 'rule'] },
  { of: 'IPv6 rules', command: ['ip', '-6', 'rule'] },
  { of: 'nftables', command: ['nft', '--stateless', 'list', 'ruleset'], read: withoutKubeProxy },
  { of: 'iptables', command: ['iptables-save'], read: (lines) => withoutKubeProxy(withoutCounters(lines)) },
  { of: 'ip6tables', command: ['ip6tables-save'], read: (lines) => withoutKubeProxy(withoutCounters(lines)) },
  { of: 'queueing disciplines', command: ['tc', 'qdisc', 'show'] },
  { of: 'filters of packets that come in', command: ['tc', 'filter', 'show', 'dev', 'eth0', 'ingress'] },
  { of: 'filters of packets that go out', command: ['tc', 'filter', 'show', 'dev', 'eth0', 'egress'] },
  {
    of: 'kernel settings',
    command: ['sysctl', '--all', '--pattern', '^net\\.(ipv4\\.(conf|ip_forward)|ipv6\\.conf|core|netfilter)'],
    // That one counts, it is not set.
    read: (lines) => lines.filter((line) => !line.startsWith('net.netfilter.nf_conntrack_count ')),
  },
  {
    of: 'files',
    command: ['find', ...FOLDERS, '-type', 'f', '-printf', '%M %u %g %p\n'],
  },
  { of: 'contents', command: ['find', ...FOLDERS, '-type', 'f', '-exec', 'sha256sum', '{}', '+'] },
  {
    of: 'folders',
    command: ['find', '/etc/cni', '/opt/cni', '/var/lib', '/run', '-maxdepth', '1', '-type', 'd'],
    // Others come and go with the container runtime and with systemd.
    read: (lines) => lines.filter((line) => /^\/(etc|opt)\/|margay/.test(line)),
  },
  {
    of: 'mounts',
    command: ['cut', '-d', ' ', '-f', '1-3', '/proc/1/mounts'],
    read: (lines) => lines.filter((line) => / \/(etc|opt|sys\/fs\/bpf)\b|margay/.test(line)),
  },
];

/** @throws {Error} a question cannot be asked on this node */
export async function takeSnapshot(node: StartedNode): Promise<NodeSnapshot> {
  const answers = await Promise.all(
    QUESTIONS.map(async ({ of, command, read = (lines) => lines }) => {
      const { exitCode, stdout, stderr } = await node.exec(command);
      // Of folders that are not there find says so, and goes on.
      if (exitCode !== 0 && command[0] !== 'find') throw new Error(`${node.name}: ${command.join(' ')}: ${stderr}`);
      const lines = read(linesOf(stdout));
      return [of, command[0] === 'find' ? lines.toSorted() : lines] as const;
    }),
  );
  return Object.fromEntries(answers);
}
