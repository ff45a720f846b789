import { KUBERNETES_VERSION, KUBERNETES_VERSION_TEXT } from '@margay/model';

/** GET /version: the version of Kubernetes whose protocol is spoken. */
export function versionDocument(): object {
  return {
    major: String(KUBERNETES_VERSION.major),
    minor: String(KUBERNETES_VERSION.minor),
    gitVersion: `${KUBERNETES_VERSION_TEXT}-margay`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: `node${process.versions.node}`,
    compiler: 'node',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}
