import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.ts';
import type { Side } from './pair.ts';
import { describeSteps, fails, ok, type PairContext } from './steps.ts';

const MERGE_PATCH = 'application/merge-patch+json';

export function describeWaits(context: PairContext): void {
  describeSteps(context, 'wait', [
    ok('wait pod/web --for=condition=Ready -n shop --timeout=5s', 'pod/web condition met'),
    ok('wait pod/web --for=jsonpath={.status.phase}=Running -n shop --timeout=5s', 'pod/web condition met'),
    ok('wait pod/web --for=jsonpath={.status.podIP} -n shop --timeout=5s', 'pod/web condition met'),
    ok('wait ippool/main --for=jsonpath={.spec.cidr}=10.8.0.0/16 --timeout=5s', 'condition met'),
    ok('wait crd/ippools.networking.margay.dev --for=condition=Established --timeout=5s', 'condition met'),
    ok('wait cm/settings --for=create -n shop --timeout=5s', 'configmap/settings condition met'),
    ok('wait pod/nope --for=delete -n shop --timeout=5s', ''),
    fails(
      'wait pod/db --for=condition=Ready -n shop --timeout=300ms',
      'timed out waiting for the condition on pods/db',
    ),
    fails('wait pod/db --for=jsonpath={.status.podIP} -n shop --timeout=300ms', 'timed out waiting for the condition'),
    fails('wait nodes --all --for=condition=Ready --timeout=300ms', 'timed out waiting for the condition on nodes/n2'),
    fails('wait pod/nope --for=condition=Ready -n shop --timeout=300ms', 'pods "nope" not found'),
    fails('wait pods -l app=none --for=condition=Ready -n shop --timeout=300ms', 'no matching resources found'),
    fails('wait pod/db --for=condition=Ready -n shop --timeout=0', 'condition not met for pods/db'),
    fails('wait cm/nope --for=create -n shop --timeout=300ms', 'timed out'),
  ]);

  describe('wait and watch', () => {
    it('wait returns when the pod is gone', async () => {
      const { ours, theirs } = await context.pair.each(async (side) => {
        await side.kubectl.run(['run', 'leaving', '-n', 'shop', '--image=i']);
        const waiting = side.kubectl.run(['wait', 'pod/leaving', '--for=delete', '-n', 'shop', '--timeout=20s']);
        // It deletes whether kubectl looks already or not: both end in the same.
        await side.client.call('DELETE', '/api/v1/namespaces/shop/pods/leaving');
        return waiting;
      });
      expect(ours).toEqual(theirs);
      expect(theirs.code).toBe(0);
    });

    it.each([
      ['tables', ['-w', '--watch-only']],
      ['names', ['-w', '--watch-only', '-o', 'name']],
      ['event types', ['-w', '--output-watch-events']],
    ])('get -w prints each change: %s', async (_, options) => {
      const { ours, theirs } = await context.pair.each((side) => watched(side, options));
      expect(ours).toEqual(theirs);
      expect(theirs.join('\n')).toContain('watched');
    });
  });
}

/** The first lines of a watch, while a ConfigMap is made, changed and deleted. */
async function watched({ kubectl, client }: Side, options: readonly string[]): Promise<string[]> {
  const lines = kubectl.lines(['get', 'cm', '-n', 'empty', '-l', 'watch=yes', ...options]);
  const path = '/api/v1/namespaces/empty/configmaps';
  const body = { metadata: { name: 'watched', labels: { watch: 'yes' } } };
  // --watch-only shows nothing of what was there when it began: it is told again until it shows something.
  const first = lines.next();
  let begun = false;
  void first.then(() => {
    begun = true;
  });
  while (!begun) {
    await client.call('POST', path, { body });
    await client.call('DELETE', `${path}/watched`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await client.call('POST', path, { body });
  await client.call('PATCH', `${path}/watched`, { body: { data: { a: 'b' } }, type: MERGE_PATCH });
  await client.call('DELETE', `${path}/watched`);
  const taken = [String((await first).value)];
  while (taken.length < 4) taken.push(String((await lines.next()).value));
  await lines.return(undefined);
  return taken.map(normalise);
}
