import { join } from 'node:path';
import { checkoutDirectory, type StatePaths } from '../launcher/paths.ts';
import { LISTENER_FD } from '../launcher/plan-file.ts';
import { API_PORT, fabricKubeconfig, pkiPaths } from '../pki/credentials.ts';
import { FABRIC } from '../topology/defaults.ts';
import type { ProcessSpec } from './process-spec.ts';

const HOST = FABRIC.controlHost;

/** Where the central services listen on the control host. */
export const CENTRAL_ADDRESS = {
  controller: `${HOST}:7001`,
  ipam: `${HOST}:7002`,
  policy: `${HOST}:7003`,
  fanout: `${HOST}:7004`,
} as const;

const METRICS_ADDRESS = {
  controller: `${HOST}:9101`,
  ipam: `${HOST}:9102`,
  policy: `${HOST}:9103`,
  fanout: `${HOST}:9104`,
} as const;

type Service = keyof typeof CENTRAL_ADDRESS;

/** The Kubernetes API: inside the fabric at its own port, on the host through the listener that was handed down. */
export function apiServerProcess(paths: StatePaths): ProcessSpec {
  const pki = pkiPaths(paths);
  return {
    name: 'apiserver',
    role: 'apiserver',
    passFd: LISTENER_FD,
    command: [
      process.execPath,
      join(checkoutDirectory(), 'sim', 'apiserver', 'src', 'main.ts'),
      ...flags({
        'listen-fd': String(LISTENER_FD),
        listen: `0.0.0.0:${API_PORT}`,
        database: paths.database,
        'tls-cert': pki.certificate,
        'tls-key': pki.key,
        'token-file': pki.tokens,
        'log-level': 'info',
      }),
    ],
  };
}

export function serviceProcesses(paths: StatePaths): ProcessSpec[] {
  return [
    serviceProcess(paths, 'ipam', {}),
    serviceProcess(paths, 'policy', {}),
    serviceProcess(paths, 'fanout', { 'policy-address': CENTRAL_ADDRESS.policy }),
    serviceProcess(paths, 'controller', { 'ipam-address': CENTRAL_ADDRESS.ipam }),
  ];
}

function serviceProcess(paths: StatePaths, service: Service, own: Readonly<Record<string, string>>): ProcessSpec {
  return {
    name: service,
    role: service,
    command: [
      process.execPath,
      join(checkoutDirectory(), 'services', service, 'src', 'main.ts'),
      ...flags({
        kubeconfig: fabricKubeconfig(paths, `margay-${service}`),
        listen: CENTRAL_ADDRESS[service],
        'metrics-listen': METRICS_ADDRESS[service],
        ...own,
      }),
    ],
  };
}

export function flags(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}
