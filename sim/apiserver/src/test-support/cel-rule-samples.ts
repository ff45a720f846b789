// A kind whose rules use what the language of rules has, with objects and definitions to try.

export function definition(plural: string, spec: object, others: object = {}): object {
  const kind = `${plural.charAt(0).toUpperCase()}${plural.slice(1, -1)}`;
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec, ...others } } };
  const version = { name: 'v1', served: true, storage: true, schema, subresources: { status: {} } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.test.margay.dev` },
    spec: {
      group: 'test.margay.dev',
      scope: 'Cluster',
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [version],
    },
  };
}

export const GROWS = [{ rule: 'self >= oldSelf', message: 'must grow' }];
const over = (reason: string): object => ({ rule: 'self > 1.0', reason, message: reason });

export const SAMPLE_SPEC = {
  type: 'object',
  properties: {
    divisor: { type: 'integer', 'x-kubernetes-validations': [{ rule: '10 / self > 0', message: 'must divide ten' }] },
    flag: { type: 'boolean', 'x-kubernetes-validations': [{ rule: 'self' }] },
    ratio: {
      type: 'number',
      'x-kubernetes-validations': [
        over('FieldValueForbidden'),
        over('FieldValueRequired'),
        over('FieldValueDuplicate'),
        over('FieldValueInvalid'),
      ],
    },
    list: {
      type: 'array',
      maxItems: 5,
      'x-kubernetes-validations': [
        { rule: 'self.size() < 3', messageExpression: "self.size() > 3 ? 'far too many' : 'one too many'" },
      ],
      items: {
        type: 'string',
        maxLength: 10,
        'x-kubernetes-validations': [{ rule: "self.matches('^a[0-9]*$')", message: 'must be a and digits' }],
      },
    },
    counts: {
      type: 'object',
      maxProperties: 5,
      additionalProperties: { type: 'integer', 'x-kubernetes-validations': GROWS },
    },
    entries: {
      type: 'array',
      maxItems: 5,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 9 },
          size: { type: 'integer', 'x-kubernetes-validations': GROWS },
        },
      },
    },
    pair: {
      type: 'object',
      'x-kubernetes-validations': [
        {
          rule: '!has(self.low) || !has(self.high) || self.low <= self.high',
          message: 'low is above high',
          fieldPath: '.low',
        },
      ],
      properties: { low: { type: 'integer' }, high: { type: 'integer' } },
    },
    address: {
      type: 'string',
      maxLength: 45,
      'x-kubernetes-validations': [
        {
          rule: "!isIP(self) || cidr('10.0.0.0/8').containsIP(self) || ip(self).family() == 6",
          message: 'not in 10/8',
        },
        { rule: "!isCIDR(self) || cidr('10.0.0.0/8').containsCIDR(self)", message: 'network not in 10/8' },
        { rule: '!isIP(self) || !(ip(self).isLoopback() || ip(self).isLinkLocalUnicast())', message: 'local' },
      ],
    },
  },
};

export const STATUS = {
  type: 'object',
  properties: {
    ready: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self < 3', message: 'below three' }] },
  },
};

export function sample(spec: object, name = 'sample'): object {
  return { apiVersion: 'test.margay.dev/v1', kind: 'Sample', metadata: { name }, spec };
}

export const NEW: readonly { readonly name: string; readonly spec: object }[] = [
  { name: 'keeps all rules', spec: { divisor: 5, flag: true, ratio: 1.5, list: ['a1'], pair: { low: 1, high: 1 } } },
  { name: 'breaks a rule without a message', spec: { flag: false } },
  { name: 'breaks rules of every reason', spec: { ratio: 0.5 } },
  { name: 'has a whole number where fractions may be', spec: { ratio: 1 } },
  { name: 'breaks a rule with an expression for its message', spec: { list: ['a', 'a', 'a', 'a'] } },
  { name: 'breaks a rule of an item', spec: { list: ['a', 'b'] } },
  { name: 'breaks a rule that names another field', spec: { pair: { low: 2, high: 1 } } },
  { name: 'lacks a field that the rule asks for', spec: { pair: { low: 2 } } },
  { name: 'lacks a required field beside', spec: { flag: false, entries: [{ size: 1 }] } },
  ...[
    '10.1.2.3',
    '11.1.2.3',
    '2001:db8::1',
    '127.0.0.1',
    'fe80::1',
    '10.1.0.0/16',
    '10.0.0.0/7',
    '::ffff:10.0.0.1',
    '10.01.0.1',
  ].map((address) => ({ name: `has the address ${address}`, spec: { address } })),
];

export const BEFORE = { counts: { a: 3, 'b.c': 3 }, entries: [{ name: 'one', size: 3 }], list: ['a'] };
export const CHANGED: readonly { readonly name: string; readonly spec: object }[] = [
  { name: 'grows', spec: { counts: { a: 4, 'b.c': 3 }, entries: [{ name: 'one', size: 4 }] } },
  { name: 'shrinks in a map', spec: { counts: { a: 4, 'b.c': 2 } } },
  {
    name: 'shrinks in a keyed list, at another place',
    spec: {
      entries: [
        { name: 'zero', size: 1 },
        { name: 'one', size: 2 },
      ],
    },
  },
  { name: 'takes away and adds', spec: { counts: { d: 0 }, entries: [{ name: 'two', size: 0 }] } },
];

/** A definition with one rule that no server may take. */
export const REFUSED: readonly { readonly name: string; readonly rule: object; readonly field?: object }[] = [
  { name: 'a field that is not there', rule: { rule: "self.nothing == 'x'" } },
  { name: 'a field that is not there, in has()', rule: { rule: 'has(self.nothing)' } },
  { name: 'an unknown function', rule: { rule: 'nothing(self.text)' } },
  { name: 'two types that cannot be compared', rule: { rule: 'self.text == self.number' } },
  { name: 'no condition', rule: { rule: 'self.number + 1' } },
  { name: 'no expression', rule: { rule: 'self.text ==' } },
  { name: 'an empty rule', rule: { rule: ' ' } },
  { name: 'a message of two lines', rule: { rule: 'self.number > 1', message: 'one\ntwo' } },
  { name: 'a message that is no text', rule: { rule: 'self.number > 1', messageExpression: 'self.number' } },
  { name: 'the path of no field', rule: { rule: 'self.number > 1', fieldPath: '.nothing' } },
  { name: 'a macro of other engines', rule: { rule: 'cel.bind(x, self.number, x > 1)' } },
];
