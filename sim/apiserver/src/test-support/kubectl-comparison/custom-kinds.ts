import { manifest } from './manifests.ts';
import { describeSteps, fails, ok, type PairContext } from './steps.ts';

const SCHEMA = {
  type: 'object',
  description: 'A widget.',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, default: 3 },
        color: { type: 'string', enum: ['red', 'blue'] },
        parts: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } },
      },
    },
  },
};

const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: SCHEMA },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Color', type: 'string', jsonPath: '.spec.color', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
};

function widget(name: string, spec: object): string {
  return manifest({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec });
}

export function describeCustomKinds(context: PairContext): void {
  describeSteps(context, 'a kind that is added', [
    ok('create -f -', 'customresourcedefinition.apiextensions.k8s.io/widgets.example.com created', {
      input: manifest(DEFINITION),
    }),
    ok('wait crd/widgets.example.com --for=condition=Established --timeout=10s', 'condition met'),
    ok('get crd widgets.example.com -o yaml', 'singular: widget'),
    ok('describe crd widgets.example.com', 'Initial'),
    ok('create -n empty -f - -o yaml', 'size: 3', { input: widget('w', {}) }),
    fails('create -n empty -f -', 'spec.color: Unsupported value', {
      input: widget('bad', { size: 0, color: 'green' }),
    }),
    fails('create -n empty -f -', 'unknown field "spec.nope"', { input: widget('bad', { size: 'x', nope: 1 }) }),
    ok('apply -n empty -f -', 'widget.example.com/applied created', { input: widget('applied', { size: 2 }) }),
    ok('apply -n empty -f -', 'widget.example.com/applied configured', { input: widget('applied', { size: 3 }) }),
    ok('get wd -n empty -o wide', 'COLOR'),
    ok('get all -n empty', 'widget.example.com/w'),
    ok('describe widget w -n empty', 'Size:  3'),
    ok('explain widget.spec --recursive', 'enum: red, blue'),
    ok('api-resources --api-group=example.com -o wide', 'widgets'),
    ok('delete crd widgets.example.com', 'deleted'),
    fails('get widgets -n empty', 'the server could not find the requested resource'),
  ]);
}
