import type { Container, Pod } from '@margay/model';
import type { SocketProtocol } from '../native/socket.ts';

export interface PortSpec {
  readonly port: number;
  readonly protocol: Exclude<SocketProtocol, 'icmp'>;
}

/** What a container runs: its command, else a listener on each declared port. */
export type ContainerSpec =
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly command: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'ports'; readonly name: string; readonly ports: readonly PortSpec[] };

export function containerSpecs(pod: Pod): ContainerSpec[] {
  return (pod.spec?.containers ?? []).map((container) => containerSpec(pod, container));
}

/** How long commands may take to end, seconds. Source: Kubernetes' default of 30. */
export function gracePeriodSeconds(pod: Pod | undefined): number {
  return pod?.metadata.deletionGracePeriodSeconds ?? pod?.spec?.terminationGracePeriodSeconds ?? 30;
}

function containerSpec(pod: Pod, container: Container): ContainerSpec {
  const { name, command } = container;
  if (command && command.length > 0) {
    const env = {
      PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
      HOSTNAME: pod.metadata.name,
      ...plainEnvironment(container),
    };
    return { kind: 'command', name, command: [...command, ...(container.args ?? [])], env };
  }
  const ports = (container.ports ?? []).map(
    ({ containerPort, protocol }): PortSpec => ({ port: containerPort, protocol: portProtocol(protocol) }),
  );
  return { kind: 'ports', name, ports };
}

/** Kubernetes has three protocols, and TCP where none is named. */
function portProtocol(protocol: string | undefined): PortSpec['protocol'] {
  switch (protocol) {
    case 'UDP':
      return 'udp';
    case 'SCTP':
      return 'sctp';
    default:
      return 'tcp';
  }
}

/** Variables with a value of their own; `valueFrom` is not followed. */
function plainEnvironment(container: Container): Record<string, string> {
  const env = container.env;
  if (!Array.isArray(env)) return {};
  const plain: Record<string, string> = {};
  for (const entry of env as { name?: unknown; value?: unknown }[]) {
    if (typeof entry.name === 'string' && typeof entry.value === 'string') plain[entry.name] = entry.value;
  }
  return plain;
}
