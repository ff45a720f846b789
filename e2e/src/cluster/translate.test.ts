import { pod, SCENARIOS } from '@margay/sim/scenarios';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { translate } from './translate.ts';

describe('translate', () => {
  it('gives a pod a server for each port that it declares, and leaves the rest', () => {
    const yaml = pod('one', { namespace: 'n', labels: { app: 'web' }, node: 'worker' });
    const { rest, first, namespaces } = translate(yaml, 'tools:1');
    expect({ first, namespaces }).toEqual({ first: '', namespaces: [] });
    expect(parse(rest)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one', namespace: 'n', labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        nodeSelector: { 'kubernetes.io/hostname': 'worker' },
        containers: [
          {
            name: 'main',
            image: 'tools:1',
            imagePullPolicy: 'Never',
            command: ['node', '/opt/margay-e2e/serve.ts', 'tcp:80', 'udp:80'],
            ports: [
              { containerPort: 80, protocol: 'TCP' },
              { containerPort: 80, protocol: 'UDP' },
            ],
          },
        ],
      },
    });
  });

  it('keeps a command, and takes namespaces apart', () => {
    const yaml = `---\nkind: Namespace\napiVersion: v1\nmetadata: {name: n}\n${pod('one', { command: ['bash'] })}`;
    const { namespaces, first, rest } = translate(yaml, 'tools:1');
    expect(namespaces).toEqual(['n']);
    expect(parse(first)).toMatchObject({ kind: 'Namespace' });
    expect(parse(rest)).toMatchObject({ spec: { containers: [{ command: ['bash'] }] } });
  });
});

describe('the scenarios', () => {
  it.each(Object.entries(SCENARIOS))('have names of their own in %s mode', (_, scenarios) => {
    const names = scenarios.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
});
