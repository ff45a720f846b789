import { describe, expect, it } from 'vitest';
import { explainFailure } from './explain-failure.ts';
import { MAX_ERROR_OUTPUT_CHARACTERS } from './kind-error.ts';

const explain = (output: string): ReturnType<typeof explainFailure> =>
  explainFailure({ doing: 'kind create cluster', output, code: 'CREATE_FAILED', remedy: 'Look into it.' });

describe('explainFailure', () => {
  // What kind 0.33 and Docker printed.
  it.each([
    ['NAME_TAKEN', 'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "k"'],
    [
      'NAME_TAKEN',
      'docker: Error response from daemon: Conflict. The container name "/k-control-plane" is already in use by container "86aa".',
    ],
    [
      'BAD_CONFIG',
      'ERROR: failed to create cluster: unable to decode config: yaml: unmarshal errors:\n  line 3: field foo not found in type v1alpha4.Cluster',
    ],
    ['IMAGE_MISSING', 'ERROR: image: "nope:1" not present locally'],
    [
      'IMAGE_MISSING',
      'ERROR: failed to create cluster: failed to pull image "nope/none:1": command "docker pull nope/none:1" failed with error: exit status 1',
    ],
    ['IMAGE_MISSING', 'ERROR: stat /srv/nope.tar: no such file or directory'],
    [
      'CLUSTER_MISSING',
      "ERROR: could not locate any control plane nodes for cluster named 'k'. Use the --name option to select a different cluster",
    ],
    ['CLUSTER_MISSING', 'Error response from daemon: No such container: k-control-plane'],
    ['NETWORK_MISSING', 'Error response from daemon: network nope not found'],
    ['DOCKER_MISSING', 'ERROR: failed to list clusters: exec: "docker": executable file not found in $PATH'],
    [
      'DOCKER_UNREACHABLE',
      'ERROR: failed to list clusters: command "docker ps" failed with error: exit status 1\n\nCommand Output: Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?',
    ],
    [
      'DOCKER_UNREACHABLE',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    ],
    ['PORT_TAKEN', 'docker: Error response from daemon: Bind for 127.0.0.1:80 failed: port is already allocated.'],
    ['CREATE_FAILED', 'ERROR: failed to create cluster: could not find a log line that matches'],
  ])('gives %s for %j', (code, output) => {
    const error = explain(output);
    expect(error.code).toBe(code);
    expect(error.output).toBe(output);
    expect(error.message).toMatch(/^kind create cluster failed: .+\. .+\.$|.+ (NAME|FILE).+$/);
  });

  it("puts kind's own line into the message and the remedy at its end", () => {
    const output = 'cgroup v1 is deprecated\nERROR: failed to create cluster: the reason\n\nCommand Output: much more';
    expect(explain(output).message).toBe(
      'kind create cluster failed: failed to create cluster: the reason. Look into it.',
    );
  });

  it('keeps the beginning and the end of a long output', () => {
    const { output } = explain(`ERROR: first\n${'x'.repeat(100_000)}\nlast`);
    expect(output.length).toBe(MAX_ERROR_OUTPUT_CHARACTERS);
    expect(output).toMatch(/^ERROR: first\n/);
    expect(output).toMatch(/\nlast$/);
  });

  it('has something to say about no output at all', () => {
    expect(explain('').message).toBe('kind create cluster failed: it printed nothing. Look into it.');
  });
});
