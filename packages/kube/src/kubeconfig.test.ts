import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKubeconfig } from './kubeconfig.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'margay-kubeconfig-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(content: string, name = 'config'): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const yaml = (cluster: string, user: string): string => `
apiVersion: v1
kind: Config
current-context: two
contexts:
- {name: one, context: {cluster: other, user: other}}
- {name: two, context: {cluster: main, user: admin}}
clusters:
- {name: other, cluster: {server: 'https://192.0.2.1'}}
- name: main
  cluster: ${cluster}
users:
- name: admin
  user: ${user}
`;

describe('readKubeconfig', () => {
  it('reads the current context, with inline certificates', () => {
    const cluster = `{server: 'https://192.0.2.9:6443/', certificate-authority-data: ${base64('CA')}}`;
    const user = `{client-certificate-data: ${base64('CERT')}, client-key-data: ${base64('KEY')}}`;
    const { token, ...rest } = readKubeconfig(write(yaml(cluster, user)));
    expect(rest).toEqual({
      server: 'https://192.0.2.9:6443',
      certificateAuthority: 'CA',
      clientCertificate: 'CERT',
      clientKey: 'KEY',
      skipTlsVerify: false,
    });
    expect(token()).toBeUndefined();
  });

  it('reads files beside the kubeconfig, and a token file at each use', () => {
    write('CA of a file', 'ca.crt');
    const tokenFile = write('first\n', 'token');
    const cluster = '{server: "https://api.example.test", certificate-authority: ca.crt}';
    const config = readKubeconfig(write(yaml(cluster, '{tokenFile: token}')));
    expect(config.certificateAuthority).toBe('CA of a file');
    expect(config.token()).toBe('first');
    writeFileSync(tokenFile, 'second\n');
    expect(config.token()).toBe('second');
  });

  it.each([
    { name: 'a server that is no URL', cluster: '{server: nowhere}', user: '{token: t}', says: 'server' },
    {
      name: 'half of a certificate',
      cluster: '{server: "https://a"}',
      user: '{client-key-data: aA==}',
      says: 'client-key',
    },
    { name: 'a credential plugin', cluster: '{server: "https://a"}', user: '{exec: {command: x}}', says: 'exec' },
    {
      name: 'a missing file',
      cluster: '{server: "https://a", certificate-authority: no}',
      user: '{}',
      says: 'cannot read',
    },
    { name: 'malformed YAML', cluster: '{server: ', user: '{}', says: 'config: ' },
  ])('refuses $name', ({ cluster, user, says }) => {
    const file = write(yaml(cluster, user));
    expect(() => readKubeconfig(file)).toThrow(says);
    expect(() => readKubeconfig(file)).toThrow(expect.objectContaining({ code: 'BAD_KUBECONFIG' }));
  });

  it('refuses a file that is not there', () => {
    expect(() => readKubeconfig(join(folder, 'none'))).toThrow(/^Cannot read /);
  });
});
