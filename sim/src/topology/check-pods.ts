import { known } from './check-network.ts';
import { DEFAULT_POD_PORTS } from './defaults.ts';
import { isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue, LABEL_RULE } from './names.ts';
import type { RawNode, RawPod } from './read.ts';
import type { YamlReader } from './reader.ts';
import type { PodSpec } from './types.ts';

export function checkPods(reader: YamlReader, raw: readonly RawPod[], nodes: readonly RawNode[]): PodSpec[] {
  const seen = new Set<string>();
  return raw.map((pod) => {
    const namespace = pod.namespace?.text ?? 'default';
    const full = `${namespace}/${pod.name.text}`;
    if (!isDnsSubdomain(pod.name.text)) {
      reader.report(pod.name.at, `'${pod.name.text}' cannot be the name of a pod; ${LABEL_RULE}`);
    }
    if (pod.namespace && !isDnsLabel(namespace)) {
      reader.report(pod.namespace.at, `'${namespace}' cannot be the name of a namespace; ${LABEL_RULE}`);
    }
    if (seen.has(full)) reader.report(pod.name.at, `there are two pods named ${full}; give each a name of its own`);
    seen.add(full);
    if (pod.node && !nodes.some(({ name }) => name.text === pod.node?.text)) {
      const names = nodes.map(({ name }) => name.text);
      reader.report(pod.node.at, `there is no node '${pod.node.text}'; ${known('node', names)}`);
    }
    checkLabels(reader, pod);
    return {
      namespace,
      name: pod.name.text,
      ...(pod.node && { node: pod.node.text }),
      labels: pod.labels,
      ports: pod.ports ?? DEFAULT_POD_PORTS,
      ...(pod.command && { command: pod.command }),
      hostNetwork: pod.hostNetwork,
    };
  });
}

function checkLabels(reader: YamlReader, pod: RawPod): void {
  if (pod.labelsAt === undefined) return;
  for (const [key, value] of Object.entries(pod.labels)) {
    if (!isLabelKey(key))
      reader.report(pod.labelsAt, `'${key}' cannot be the key of a label; write it as app or example.org/app`);
    if (!isLabelValue(value)) {
      reader.report(
        pod.labelsAt,
        `'${value}' cannot be the value of label ${key}; use at most 63 letters, digits, '-', '_' and '.'`,
      );
    }
  }
}
