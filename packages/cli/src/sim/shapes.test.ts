import type { ProbeAnswer, SimulationStatus } from '@margay/sim';
import { describe, expect, it } from 'vitest';
import { packetJson } from './capture.ts';
import { probeJson } from './probe.ts';
import { nextSteps, summaryOf } from './up-summary.ts';

const ANSWER: ProbeAnswer = {
  from: 'default/a',
  to: 'default/b',
  address: '10.244.0.2',
  port: 80,
  protocol: 'tcp',
  allowed: true,
  reason: '',
  rttMs: 0.4,
};

const STATUS: SimulationStatus = {
  name: 'one',
  ready: true,
  mode: 'direct',
  profile: 'bare-metal',
  kubeconfig: '/state/kubeconfig',
  secondsToReady: 2,
  nodes: [
    {
      name: 'node-1',
      address: '192.0.2.10',
      ready: true,
      pods: [
        { name: 'default/a', address: '10.244.0.1', phase: 'Running' },
        { name: 'default/b', address: '10.244.0.2', phase: 'Running' },
      ],
    },
  ],
  processes: [],
  waitingFor: [],
};

describe('probeJson', () => {
  it('has exactly the promised fields', () => {
    expect(Object.keys(probeJson(ANSWER))).toEqual([
      'from',
      'to',
      'address',
      'port',
      'protocol',
      'verdict',
      'reason',
      'rttMs',
    ]);
    expect(probeJson({ ...ANSWER, allowed: false, reason: 'timeout' })).toMatchObject({
      verdict: 'denied',
      reason: 'timeout',
    });
  });
});

describe('summaryOf', () => {
  const outside = { ...ANSWER, to: '203.0.113.10', address: '203.0.113.10' };
  const result = { status: STATUS, verified: [ANSWER, outside], outsideAddress: '203.0.113.10', seconds: 2.5 };

  it('has nodes, pods, what was verified, the kubeconfig and the seconds', () => {
    expect(summaryOf(result)).toEqual({
      name: 'one',
      mode: 'direct',
      profile: 'bare-metal',
      nodes: [{ name: 'node-1', address: '192.0.2.10', ready: true }],
      pods: [
        { name: 'default/a', address: '10.244.0.1', node: 'node-1', phase: 'Running' },
        { name: 'default/b', address: '10.244.0.2', node: 'node-1', phase: 'Running' },
      ],
      matrix: {
        pods: ['default/a', 'default/b'],
        verdicts: { 'default/a': { 'default/b': 'allowed' }, 'default/b': {} },
      },
      outside: { address: '203.0.113.10', verdicts: { 'default/a': 'allowed' } },
      allAllowed: true,
      kubeconfig: '/state/kubeconfig',
      seconds: 2.5,
    });
  });

  it('proposes commands for this simulation', () => {
    expect(nextSteps(summaryOf(result))[0]).toBe(
      'npx margay sim probe --name one --from default/a --to default/b --port 80',
    );
  });
});

describe('packetJson', () => {
  it('separates the time', () => {
    expect(packetJson('12:00:00.000001 IP 192.0.2.1 > 192.0.2.2: ICMP')).toEqual({
      time: '12:00:00.000001',
      text: 'IP 192.0.2.1 > 192.0.2.2: ICMP',
    });
  });

  it('keeps a line without one', () => {
    expect(packetJson('odd')).toEqual({ time: '', text: 'odd' });
  });
});
