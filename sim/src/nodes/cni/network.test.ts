import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseNetworkList } from './conflist.ts';
import { type Attachment, addNetworkList, type CniRuntime, delNetworkList, pluginConfig } from './network.ts';

/** Records how it was called; answers with the file `answer.<plugin>`, or fails with `fail.<plugin>`. */
const RECORDER = `#!/bin/sh
type=\${0##*/}
cd "$RECORD_DIR" || exit 9
echo "$CNI_COMMAND $type" >>order
env | grep ^CNI_ | sort >"env.$CNI_COMMAND.$type"
echo "$#" >"argc.$type"
cat >"stdin.$CNI_COMMAND.$type"
if [ -e "fail.$type" ]; then cat "fail.$type"; echo "words on stderr" >&2; exit 1; fi
if [ "$CNI_COMMAND" = ADD ]; then cat "answer.$type"; fi
`;

const list = parseNetworkList(
  JSON.stringify({
    name: 'net',
    cniVersion: '1.0.0',
    plugins: [
      { type: 'first', mtu: 1400 },
      { type: 'second', capabilities: { portMappings: true, bandwidth: false } },
    ],
  }),
);
const attachment: Attachment = {
  containerId: 'c1',
  netnsPath: '/var/run/netns/cni-1',
  ifName: 'eth0',
  args: [
    ['K8S_POD_NAMESPACE', 'default'],
    ['IgnoreUnknown', '1'],
  ],
};
const result = { cniVersion: '1.0.0', ips: [{ address: '192.0.2.7/32' }] };

describe('addNetworkList and delNetworkList', () => {
  let dir: string;
  let runtime: CniRuntime;
  const read = (name: string): string => readFileSync(join(dir, name), 'utf8');
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(dir, name), typeof value === 'string' ? value : JSON.stringify(value));

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'margay-cni-'));
    process.env.RECORD_DIR = dir;
    runtime = { binDirs: ['/nonexistent', dir], cacheDir: join(dir, 'cache'), timeoutMs: 10_000 };
    for (const name of ['first', 'second']) {
      write(name, RECORDER);
      chmodSync(join(dir, name), 0o755);
      write(`answer.${name}`, result);
    }
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('gives each plugin its configuration, the variables and the result so far', async () => {
    write('answer.second', { ...result, dns: { domain: 'example.org' } });
    expect(await addNetworkList(runtime, list, attachment)).toEqual({ ...result, dns: { domain: 'example.org' } });
    expect(JSON.parse(read('stdin.ADD.first'))).toEqual({ type: 'first', mtu: 1400, name: 'net', cniVersion: '1.0.0' });
    expect(JSON.parse(read('stdin.ADD.second'))).toMatchObject({ name: 'net', prevResult: result });
    expect(read('env.ADD.first')).toBe(
      [
        'CNI_ARGS=K8S_POD_NAMESPACE=default;IgnoreUnknown=1',
        'CNI_COMMAND=ADD',
        'CNI_CONTAINERID=c1',
        'CNI_IFNAME=eth0',
        'CNI_NETNS=/var/run/netns/cni-1',
        `CNI_PATH=/nonexistent:${dir}\n`,
      ].join('\n'),
    );
    expect(read('argc.first')).toBe('0\n');
  });

  it('deletes in reverse order with the result of the ADD, and again without it', async () => {
    await addNetworkList(runtime, list, attachment);
    expect(readdirSync(runtime.cacheDir)).toEqual(['net-c1-eth0']);
    await delNetworkList(runtime, list, attachment);
    expect(read('order').trim().split('\n')).toEqual(['ADD first', 'ADD second', 'DEL second', 'DEL first']);
    expect(JSON.parse(read('stdin.DEL.first'))).toMatchObject({ mtu: 1400, prevResult: result });
    expect(readdirSync(runtime.cacheDir)).toEqual([]);
    await delNetworkList(runtime, list, { ...attachment, netnsPath: '' });
    expect(JSON.parse(read('stdin.DEL.first'))).not.toHaveProperty('prevResult');
    expect(read('env.DEL.first')).toContain('CNI_NETNS=\n');
  });

  it('deletes with the configuration that was added, when it has changed since', async () => {
    await addNetworkList(runtime, list, attachment);
    const changed = { ...list, plugins: [{ type: 'first', mtu: 9000 }] };
    await delNetworkList(runtime, changed, attachment);
    expect(JSON.parse(read('stdin.DEL.first'))).toMatchObject({ mtu: 1400 });
    expect(read('order')).toContain('DEL second');
  });

  it('keeps the result when DEL fails, for the next try', async () => {
    await addNetworkList(runtime, list, attachment);
    write('fail.first', { code: 11, msg: 'later' });
    await expect(delNetworkList(runtime, list, attachment)).rejects.toThrow('plugin type="first" failed (del): later');
    rmSync(join(dir, 'fail.first'));
    await delNetworkList(runtime, list, attachment);
    expect(JSON.parse(read('stdin.DEL.first'))).toHaveProperty('prevResult');
  });

  it.each([
    { answer: { code: 11, msg: 'try later', details: 'no policy' }, message: 'try later; no policy', pluginCode: 11 },
    { answer: '', message: 'words on stderr (exit code 1)', pluginCode: undefined },
    { answer: 'oops', message: 'its answer is not JSON: oops', pluginCode: undefined },
  ])('stops at the first plugin that fails and tells why: $message', async ({ answer, message, pluginCode }) => {
    write('fail.first', answer);
    const failed = addNetworkList(runtime, list, attachment);
    await expect(failed).rejects.toMatchObject({ code: 'PLUGIN_FAILED', pluginCode });
    await expect(failed).rejects.toThrow(message);
    expect(read('order')).toBe('ADD first\n');
  });

  it('refuses an answer that is not JSON, and takes null as an empty result', async () => {
    write('answer.second', 'null');
    expect(await addNetworkList(runtime, list, attachment)).toEqual({ cniVersion: '1.0.0' });
    write('answer.first', '');
    await expect(addNetworkList(runtime, list, attachment)).rejects.toThrow('its result is not JSON');
  });

  it('names a plugin that is missing and where it was looked for', async () => {
    rmSync(join(dir, 'second'));
    await expect(addNetworkList(runtime, list, attachment)).rejects.toThrow(
      `there is no plugin "second" in /nonexistent, ${dir}`,
    );
  });

  it('ends a plugin that takes too long', async () => {
    write('first', '#!/bin/sh\nexec sleep 60\n');
    const impatient = { ...runtime, timeoutMs: 50 };
    await expect(addNetworkList(impatient, list, attachment)).rejects.toThrow('ended by SIGKILL');
  });
});

describe('pluginConfig', () => {
  it('offers a plugin only the capabilities that it declares', () => {
    const offered = { ...attachment, capabilityArgs: { portMappings: [], bandwidth: {} } };
    const [first, second] = list.plugins;
    if (!first || !second) throw new Error('the list has two plugins');
    expect(pluginConfig(list, first, offered, undefined)).not.toHaveProperty('runtimeConfig');
    expect(pluginConfig(list, second, offered, undefined)).toMatchObject({ runtimeConfig: { portMappings: [] } });
    expect(pluginConfig(list, second, offered, undefined)).not.toHaveProperty('runtimeConfig.bandwidth');
  });
});
