import type { Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { planVerification } from './plan-verification.ts';

const OUTSIDE = { address: '203.0.113.10', port: 80 };
const pod = (name: string, ports: { containerPort: number; protocol?: string }[]): Pod => ({
  metadata: { namespace: 'default', name },
  spec: { nodeName: 'n1', containers: [{ name: 'c', ports }] },
  status: { phase: 'Running', podIP: `10.244.0.${name.length}` },
});

describe('planVerification', () => {
  it('tries every pair at a declared TCP port, by ping where there is none, and the outside from each', () => {
    const pods = [
      pod('b', [{ containerPort: 53, protocol: 'UDP' }]),
      pod('a', [{ containerPort: 8080, protocol: 'TCP' }]),
    ];
    expect(planVerification(pods, OUTSIDE).map(({ from, to, port, protocol }) => [from, to, port, protocol])).toEqual([
      ['default/a', 'default/b', 0, 'PROTOCOL_ICMP'],
      ['default/a', '203.0.113.10', 80, 'PROTOCOL_TCP'],
      ['default/b', 'default/a', 8080, 'PROTOCOL_TCP'],
      ['default/b', '203.0.113.10', 80, 'PROTOCOL_TCP'],
    ]);
  });

  it('tries a spread of connections where there are many pods, and every pod is tried', () => {
    const pods = Array.from({ length: 500 }, (_, index) => pod(`p${index}`, [{ containerPort: 80 }]));
    const plan = planVerification(pods, OUTSIDE);
    expect(plan.length).toBeLessThanOrEqual(500 * 21);
    expect(new Set(plan.map(({ to }) => to)).size).toBe(501);
    expect(plan.every(({ from, to }) => from !== to)).toBe(true);
  });
});
