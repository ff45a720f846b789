import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '@marcbachmann/cel-js';
import type { FieldError } from '../../error.ts';
import type { Schema, ValidationRule } from '../../schema/schema.ts';
import { type RuleType, TypeDeclarer } from './declare-types.ts';
import { createRuleEnvironment, expressionProblem, firstLine } from './environment.ts';
import { locateField, placeOf } from './field-path.ts';

/** The rules at one place of a schema, ready to judge a value and what it was before. */
export interface RuleSet {
  /** `value` is there and has the right type; `previous` is undefined where there was none, or none can be told. */
  judge(value: unknown, previous: unknown, path: string): FieldError[];
}

export interface CompiledRules {
  readonly rules: RuleSet | undefined;
  readonly errors: readonly FieldError[];
}

/**
 * Compiles what `schema` itself says in `x-kubernetes-validations`.
 *
 * @param place where the schema is in the definition, for the errors
 * @param correlatable whether the value of an old object can be told for this place
 */
export function compileRules(schema: Schema, place: string, correlatable: boolean): CompiledRules {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return { rules: undefined, errors: [] };
  const environment = createRuleEnvironment();
  const type = new TypeDeclarer(environment).declare(schema);
  if (type === undefined) {
    const message = 'Forbidden: this server cannot judge values of this type by rules';
    return {
      rules: undefined,
      errors: [{ field: `${place}.x-kubernetes-validations`, type: 'FieldValueForbidden', message }],
    };
  }
  const first = environment.clone().registerVariable('self', type.name);
  const transition = environment.clone().registerVariable('self', type.name).registerVariable('oldSelf', type.name);
  const errors: FieldError[] = [];
  const compiled: CompiledRule[] = [];
  for (const [index, rule] of rules.entries()) {
    const isTransition = /\boldSelf\b/.test(rule.rule);
    const at = `${place}.x-kubernetes-validations[${index}]`;
    const found = ruleErrors(rule, schema, isTransition ? transition : first, at);
    if (isTransition && !correlatable) {
      const message = `Invalid value: ${JSON.stringify(rule.rule)}: oldSelf cannot be used on the uncorrelatable portion of the schema`;
      found.push({ field: `${at}.rule`, type: 'FieldValueInvalid', message });
    }
    errors.push(...found);
    if (found.length === 0) compiled.push(compile(rule, schema, isTransition ? transition : first, isTransition));
  }
  return {
    rules: {
      judge: (value, previous, path) =>
        judge(compiled, type, { value, previous, path, shown: schema.type ?? typeof value }),
    },
    errors,
  };
}

function ruleErrors(rule: ValidationRule, schema: Schema, environment: Environment, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const invalid = (name: keyof ValidationRule, why: string): void => {
    const message = `Invalid value: ${JSON.stringify(rule[name])}: ${why}`;
    errors.push({ field: `${at}.${name}`, type: 'FieldValueInvalid', message });
  };
  if (rule.rule.trim() === '') {
    errors.push({ field: `${at}.rule`, type: 'FieldValueRequired', message: 'Required value: rule is not specified' });
    return errors;
  }
  if (rule.optionalOldSelf === true) invalid('optionalOldSelf', 'this server knows rules without it only');
  const problem = expressionProblem(environment, rule.rule, 'bool');
  if (problem !== undefined) invalid('rule', problem);
  if (rule.messageExpression !== undefined) {
    const wrong = expressionProblem(environment, rule.messageExpression, 'string');
    if (wrong !== undefined) invalid('messageExpression', wrong);
  }
  if (rule.message !== undefined && (rule.message.trim() === '' || rule.message.includes('\n'))) {
    invalid('message', 'must be one line that is not empty');
  }
  if (rule.message === undefined && rule.rule.includes('\n')) {
    errors.push({
      field: `${at}.message`,
      type: 'FieldValueRequired',
      message: 'Required value: message must be specified if rule contains line breaks',
    });
  }
  if (rule.fieldPath !== undefined && locateField(schema, rule.fieldPath) === undefined) {
    invalid('fieldPath', 'must be the path of a field that the schema describes, as .cidr');
  }
  return errors;
}

interface CompiledRule {
  readonly isTransition: boolean;
  /** Undefined: kept. */
  readonly check: (scope: Scope) => { message: string; path: string; reason: ValidationRule['reason'] } | undefined;
}

interface Scope {
  readonly self: unknown;
  readonly oldSelf?: unknown;
}

function compile(rule: ValidationRule, schema: Schema, environment: Environment, isTransition: boolean): CompiledRule {
  const evaluate = environment.parse(rule.rule);
  const explain = rule.messageExpression === undefined ? undefined : environment.parse(rule.messageExpression);
  const path = rule.fieldPath === undefined ? '' : placeOf(locateField(schema, rule.fieldPath) ?? []);
  const fallback = rule.message?.trim() ?? `failed rule: ${rule.rule.trim()}`;
  const check: CompiledRule['check'] = (scope) => {
    try {
      if (evaluate({ ...scope }) === true) return undefined;
    } catch (error) {
      const what = firstLine(error instanceof Error ? error.message : String(error));
      return {
        message: `${what} evaluating rule: ${rule.message?.trim() ?? rule.rule.trim()}`,
        path: '',
        reason: undefined,
      };
    }
    return { message: explained(explain, scope) ?? fallback, path, reason: rule.reason };
  };
  return { isTransition, check };
}

/** What the rule's own expression says; undefined when it fails or says nothing, and the fixed text is used. */
function explained(
  explain: ((scope: Record<string, unknown>) => unknown) | undefined,
  scope: Scope,
): string | undefined {
  try {
    const text = explain?.({ ...scope });
    return typeof text === 'string' && text.trim() !== '' && !text.includes('\n') ? text.trim() : undefined;
  } catch {
    return undefined;
  }
}

interface Judged {
  readonly value: unknown;
  readonly previous: unknown;
  readonly path: string;
  /** The word for the value in messages. */
  readonly shown: string;
}

function judge(rules: readonly CompiledRule[], type: RuleType, { value, previous, path, shown }: Judged): FieldError[] {
  const self = type.convert(value);
  const oldSelf = previous === undefined ? undefined : type.convert(previous);
  // What an update leaves as it was is not judged again, unless the rule is about changes.
  const isUnchanged = previous !== undefined && isDeepStrictEqual(value, previous);
  const errors: FieldError[] = [];
  for (const { check, isTransition } of rules) {
    if (isTransition ? oldSelf === undefined : isUnchanged) continue;
    const broken = check(isTransition ? { self, oldSelf } : { self });
    if (broken !== undefined) errors.push(toFieldError(broken, path, shown));
  }
  return errors;
}

/** Of a rule about the whole object. Source: measured with kube-apiserver 1.34. */
const NO_FIELD = '<nil>';

/** Source: measured with kube-apiserver 1.34, which shows the type of the value in place of the value. */
function toFieldError(
  { message, path, reason }: { message: string; path: string; reason: ValidationRule['reason'] },
  above: string,
  shown: string,
): FieldError {
  const field = `${above}${above === '' && path.startsWith('.') ? path.slice(1) : path}` || NO_FIELD;
  switch (reason) {
    case 'FieldValueForbidden':
      return { field, type: reason, message: `Forbidden: ${message}` };
    case 'FieldValueRequired':
      return { field, type: reason, message: `Required value: ${message}` };
    case 'FieldValueDuplicate':
      return { field, type: reason, message: `Duplicate value: "${shown}"` };
    default:
      return { field, type: 'FieldValueInvalid', message: `Invalid value: "${shown}": ${message}` };
  }
}
