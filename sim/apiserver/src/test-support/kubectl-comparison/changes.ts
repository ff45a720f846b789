import { join } from 'node:path';
import { describeSteps, fails, ok, type PairContext, type Step, sortedLines } from './steps.ts';

/** Objects that the tests below change: those of the fixtures stay as they are. */
function patch(target: string, body: unknown, says: string, more: readonly string[] = []): Step {
  return ok(['patch', ...target.split(' '), '-p', JSON.stringify(body), ...more], says);
}

function patchFails(target: string, body: unknown, says: string, more: readonly string[] = []): Step {
  return fails(['patch', ...target.split(' '), '-p', JSON.stringify(body), ...more], says);
}

/** An editor that replaces one text, a pattern of sed, by another. */
function editing(from: string, to: string): { readonly env: Readonly<Record<string, string>> } {
  return { env: { KUBE_EDITOR: join(import.meta.dirname, 'editor.sh'), EDIT_FROM: from, EDIT_TO: to } };
}

const POD = 'pod changed -n shop';
const POOL = 'ippool changed';

export function describeChanges(context: PairContext): void {
  describeSteps(context, 'label and annotate', [
    ok('run changed -n shop --image=nginx --labels=app=changed,tier=front', 'pod/changed created'),
    fails('label pod changed tier=back -n shop', "'tier' already has a value (front), and --overwrite is false"),
    ok('label pod changed tier=back -n shop --overwrite', 'pod/changed labeled'),
    ok('label pod changed tier=back -n shop --overwrite', 'pod/changed not labeled'),
    ok('label pod changed new=1 -n shop', 'pod/changed labeled'),
    ok('label pod changed new- nope- -n shop', 'label "nope" not found.'),
    fails(['label', 'pod', 'changed', '-n', 'shop', 'a=b c'], 'invalid label value'),
    fails(['label', 'pod', 'changed', '-n', 'shop', 'a b=c'], 'metadata.labels: Invalid value'),
    ok('label pods -l app=changed -n shop x=y', 'pod/changed labeled'),
    ok('label cm --all -n shop x=z --overwrite', 'configmap/settings labeled'),
    ok('label cm --all -n shop x-', 'configmap/settings unlabeled'),
    fails('label pod nope -n shop x=y', 'pods "nope" not found'),
    // kubectl prints labels in no order.
    ok('label pod changed --list -n shop', 'tier=back', { view: sortedLines }),
    ok('label pod changed dry=1 -n shop --dry-run=server', 'labeled (server dry run)'),
    fails('label pod changed rv=1 -n shop --resource-version=1', 'the object has been modified'),
    ok('label ns empty kubernetes.io/metadata.name-', 'namespace/empty'),
    ok('get ns empty --show-labels', 'kubernetes.io/metadata.name=empty'),
    ok('annotate pod changed a=b -n shop', 'pod/changed annotated'),
    fails('annotate pod changed a=c -n shop', '--overwrite is false but found the following declared annotation(s)'),
    ok('annotate pod changed a- -n shop', 'pod/changed annotated'),
    ok(['annotate', 'ippool', 'main', 'text=several words'], 'annotated'),
    ok('annotate ippool main --list', 'text=several words'),
    ok('annotate ippool main text-', 'annotated'),
    fails(['annotate', 'pod', 'changed', '-n', 'shop', 'A B=c'], 'A B'),
  ]);

  describeSteps(context, 'patch', [
    patch(POD, { metadata: { labels: { p: '1' } } }, 'pod/changed patched'),
    patch(POD, { metadata: { labels: { p: '1' } } }, 'patched (no change)'),
    patch(POD, { spec: { containers: [{ name: 'changed', image: 'nginx:9' }] } }, 'pod/changed patched'),
    patch(POD, { spec: { tolerations: [{ key: 'a', operator: 'Exists' }] } }, 'pod/changed patched'),
    patch(POD, { spec: { activeDeadlineSeconds: 60 } }, 'pod/changed patched'),
    patch(POD, { status: { message: 'told' } }, 'pod/changed patched', ['--subresource=status', '--type=merge']),
    patch(POD, { metadata: { labels: { p: null } } }, 'pod/changed patched', ['--type=merge']),
    patch(POD, [{ op: 'add', path: '/metadata/labels/j', value: '1' }], 'pod/changed patched', ['--type=json']),
    ok('get pod changed -n shop -o yaml', 'message: told'),
    patchFails(POD, { spec: { containers: [{ name: 'd', image: 'i' }] } }, 'spec.containers: Forbidden'),
    patchFails(POD, { spec: { hostname: 'x' } }, 'spec: Forbidden'),
    patchFails(POD, { spec: { tolerations: null } }, 'spec.tolerations: Forbidden'),
    patchFails(POD, { spec: { activeDeadlineSeconds: 90 } }, 'spec.activeDeadlineSeconds: Invalid value: 90'),
    patchFails(POD, { spec: { terminationGracePeriodSeconds: 1 } }, 'spec: Forbidden'),
    patchFails(POD, { spec: { hostNetwork: 'yes' } }, 'patch: Invalid value'),
    patch(POD, { spec: { nope: 1 } }, 'Warning: unknown field "spec.nope"'),
    patchFails(POD, [{ op: 'test', path: '/metadata/labels/j', value: '2' }], 'The request is invalid', [
      '--type=json',
    ]),
    patchFails(POD, [{ op: 'remove', path: '/metadata/nope' }], 'The request is invalid', ['--type=json']),
    patchFails(POD, [{ op: 'nope', path: '/metadata' }], 'The request is invalid', ['--type=json']),
    patchFails('pod nope -n shop', {}, 'pods "nope" not found'),
    patch('netpol none -n shop', { spec: { ingress: [{ ports: [{ port: 81 }] }] } }, 'protocol: TCP', ['-o', 'yaml']),
    patch('svc web -n shop', { spec: { ports: [{ port: 80, name: 'http', targetPort: 81 }] } }, 'targetPort: 81', [
      '-o',
      'yaml',
    ]),
    patchFails('svc web -n shop', { spec: { clusterIP: '10.0.0.77' } }, 'spec.clusterIPs[0]: Invalid value', [
      '--type=merge',
    ]),
    patch('cm settings -n shop', { data: { new: 'x', 'file.txt': null } }, 'new: x', ['-o', 'yaml']),
    patchFails('node n1', { spec: { podCIDR: '10.99.0.0/24' } }, 'spec.podCIDRs: Forbidden'),
    ok('create -f -', 'created', {
      input:
        '{"apiVersion":"networking.margay.dev/v1","kind":"IPPool","metadata":{"name":"changed"},"spec":{"cidr":"10.40.0.0/16"}}',
    }),
    patch(POOL, { spec: { disabled: true } }, 'patched', ['--type=merge']),
    patch(POOL, { spec: { disabled: true } }, 'patched (no change)', ['--type=merge']),
    patch(POOL, [{ op: 'replace', path: '/spec/disabled', value: false }], 'patched', ['--type=json']),
    patch(POOL, { spec: { disabled: true } }, 'disabled: true', ['--type=merge', '--dry-run=server', '-o', 'yaml']),
    patch(POOL, { spec: { nope: true } }, 'Warning: unknown field "spec.nope"', ['--type=merge']),
    patchFails(POOL, { spec: { disabled: 'true' } }, 'spec.disabled: Invalid value', ['--type=merge']),
    patchFails(POOL, { spec: { cidr: '10.99.0.0/16' } }, 'spec.cidr: Invalid value', ['--type=merge']),
    patchFails(POOL, { metadata: { name: 'other' } }, 'the name of the object (other) does not match', [
      '--type=merge',
    ]),
  ]);

  describeSteps(context, 'edit', [
    ok('edit cm settings -n shop', 'configmap/settings edited', editing('a: b', 'a: edited')),
    ok('edit cm settings -n shop', 'Edit cancelled, no changes made.', { env: { KUBE_EDITOR: 'true' } }),
    ok('edit ippool changed', 'edited', editing('disabled: false', 'disabled: true')),
    fails('edit ippool changed', 'is invalid', editing('disabled: true', 'disabled: maybe')),
    fails('edit ippool changed', 'is invalid', editing('disabled: true', 'disabeld: true')),
    fails('edit pod changed -n shop', 'pods "changed" is invalid', editing('restartPolicy:.*', 'restartPolicy: Never')),
    ok('edit pod changed -n shop', 'pod/changed edited', editing('nginx:9', 'nginx:10')),
    fails('edit pod changed -n shop', 'there was a problem with the editor', { env: { KUBE_EDITOR: 'false' } }),
    fails('edit pod nope -n shop', 'pods "nope" not found', { env: { KUBE_EDITOR: 'true' } }),
  ]);
}
