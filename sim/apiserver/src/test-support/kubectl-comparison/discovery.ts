import { describe, expect, it } from 'vitest';
import { describeSteps, fails, ok, type PairContext } from './steps.ts';

export function describeDiscovered(context: PairContext): void {
  describeSteps(context, 'discovery and oneself', [
    ok('api-resources --api-group=networking.margay.dev -o wide', 'blockaffinities'),
    ok('api-resources --categories=margay', 'ippools'),
    ok('cluster-info', 'is running at'),
    ok('auth can-i get pods', 'yes'),
    ok('auth can-i get pods --subresource=log', 'yes'),
    ok('auth can-i get /readyz', 'yes'),
    ok('auth can-i get widgets', "Warning: the server doesn't have a resource type 'widgets'"),
    ok('auth can-i delete nodes', "Warning: resource 'nodes' is not namespace scoped"),
    fails('top pods', 'Metrics API not available'),
  ]);

  // Ours serves what simulations need: of that, all must be told as Kubernetes tells it.
  describe('discovery of a part of Kubernetes', () => {
    it.each([
      ['api-versions', 'networking.margay.dev/v1'],
      ['api-resources --no-headers', 'pods  po  v1  true  Pod'],
      ['api-resources --no-headers -o wide', 'delete,deletecollection,get,list,patch,create,update,watch  margay'],
      ['api-resources --namespaced=false -o name', 'nodes'],
      ['api-resources --verbs=list,get -o name', 'endpointslices.discovery.k8s.io'],
    ])('%s', async (command, says) => {
      const { ours, theirs } = await context.pair.run(command);
      expect([ours.code, ours.stderr]).toEqual([theirs.code, theirs.stderr]);
      expect(ours.stdout).toContain(says);
      const known = new Set(theirs.stdout.split('\n'));
      const lines = ours.stdout.split('\n');
      expect(lines.filter((line) => !known.has(line))).toEqual([]);
      expect(lines).toEqual(theirs.stdout.split('\n').filter((line) => lines.includes(line)));
    });
  });
}
