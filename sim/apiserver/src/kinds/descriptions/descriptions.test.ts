import { describe, expect, it } from 'vitest';
import { DEFINITIONS, definitionName, objectFields } from '../definitions.ts';
import { withKindDescriptions } from '../describe-types.ts';

/** Types that people ask `kubectl explain` about: all of their fields are described. */
const DESCRIBED = [
  ...['ObjectMeta', 'OwnerReference', 'LabelSelector', 'LabelSelectorRequirement'],
  ...['Namespace', 'NamespaceSpec', 'NamespaceStatus'],
  ...['Node', 'NodeSpec', 'NodeStatus', 'NodeAddress', 'NodeCondition', 'NodeSystemInfo', 'Taint'],
  ...['Pod', 'PodSpec', 'PodStatus', 'PodCondition', 'Toleration', 'PodSecurityContext', 'Affinity'],
  ...['Container', 'ContainerPort', 'ContainerStatus', 'EnvVar', 'EnvVarSource', 'Probe', 'ResourceRequirements'],
  ...['SecurityContext', 'VolumeMount', 'Lifecycle', 'HTTPGetAction'],
  ...['Service', 'ServiceSpec', 'ServicePort', 'ServiceStatus', 'EndpointSlice', 'Endpoint'],
  ...['NetworkPolicy', 'NetworkPolicySpec', 'NetworkPolicyIngressRule', 'NetworkPolicyEgressRule'],
  ...['NetworkPolicyPeer', 'NetworkPolicyPort', 'IPBlock'],
  ...['ConfigMap', 'Secret', 'ServiceAccount', 'Event', 'Lease', 'LeaseSpec'],
];

describe('descriptions', () => {
  it.each(DESCRIBED)('%s is described with all its fields', (type) => {
    const schema = DEFINITIONS.get(definitionName(type));
    expect(schema?.description).toMatch(/^[A-Z].*\.$/s);
    const silent = Object.entries(schema?.properties ?? {}).filter(([, { description }]) => description === undefined);
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it('every one ends as a sentence', () => {
    const all = [...DEFINITIONS.values()].flatMap(({ description, properties = {} }) => [
      description,
      ...Object.values(properties).map((property) => property.description),
    ]);
    const unfinished = all.filter((text) => text !== undefined && !/\.$/.test(text));
    expect(unfinished).toEqual([]);
  });
});

describe('withKindDescriptions', () => {
  const properties = { apiVersion: {}, kind: {}, metadata: { description: 'Mine.' }, spec: {} };

  it('describes what all kinds have in common, where a kind does not', () => {
    const described = withKindDescriptions({ type: 'object', properties }).properties ?? {};
    expect(Object.entries(described).map(([name, { description }]) => [name, description])).toEqual([
      ['apiVersion', 'The group and version of the API that the object is written in.'],
      ['kind', 'What the object is.'],
      ['metadata', 'Mine.'],
      ['spec', 'What is wanted.'],
    ]);
    expect(properties.kind).toEqual({});
  });

  it('gives custom kinds the same for what every object has, and nothing for what is theirs', () => {
    expect(Object.entries(objectFields()).map(([name, { description }]) => [name, description])).toEqual([
      ['apiVersion', 'The group and version of the API that the object is written in.'],
      ['kind', 'What the object is.'],
      ['metadata', expect.stringMatching(/^[A-Z].*\.$/)],
    ]);
  });

  it('leaves what is no kind alone', () => {
    const schema = { type: 'object', properties: { kind: {} } };
    expect(withKindDescriptions(schema)).toBe(schema);
  });
});
