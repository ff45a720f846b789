/** GET /version: the version of Kubernetes whose protocol is spoken. */
export function versionDocument(): object {
  return {
    major: '1',
    minor: '33',
    gitVersion: 'v1.33.0-margay',
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: `node${process.versions.node}`,
    compiler: 'node',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}
