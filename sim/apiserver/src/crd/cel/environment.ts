import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { addNetworkLibrary } from './network-library.ts';

/**
 * What rules may call: what both this engine and kube-apiserver 1.34 know, and
 * mean alike. All else is refused when the definition is made, never ignored.
 */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['has', 'all', 'exists', 'exists_one', 'map', 'filter'],
  ...['size', 'type', 'dyn', 'int', 'uint', 'double', 'string', 'bool', 'bytes', 'timestamp', 'duration'],
  ...['startsWith', 'endsWith', 'contains', 'matches'],
  ...['indexOf', 'lastIndexOf', 'lowerAscii', 'upperAscii', 'replace', 'split', 'join', 'substring', 'trim'],
  ...['ip', 'isIP', 'family', 'isUnspecified', 'isLoopback', 'isLinkLocalUnicast', 'isLinkLocalMulticast'],
  ...['isGlobalUnicast', 'cidr', 'isCIDR', 'prefixLength', 'masked', 'containsIP', 'containsCIDR'],
]);

/** Stands for `has` where a rule is only checked: the engine's own does not look whether there is such a field. */
const PRESENT = 'isPresent__';

/** The language of rules, without variables. A clone of it takes `self` and `oldSelf`. */
export function createRuleEnvironment(): Environment {
  const environment = new Environment();
  addNetworkLibrary(environment);
  environment.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
    text.replaceAll(from, () => to),
  );
  environment.registerFunction(`${PRESENT}(dyn): bool`, () => true);
  return environment;
}

/** What keeps an expression from being used, in words; undefined when nothing does. */
export function expressionProblem(
  environment: Environment,
  expression: string,
  result: 'bool' | 'string',
): string | undefined {
  try {
    const unknown = unsupportedCalls(environment.parse(expression).ast);
    if (unknown.length > 0) return `this server does not know ${unknown.join(', ')}`;
    // A rule that mentions `has(` in a string is checked a little otherwise, and used as it is.
    for (const text of [expression, expression.replaceAll(/\bhas\s*\(/g, `${PRESENT}(`)]) {
      const { valid, type, error } = environment.check(text);
      if (!valid) return `compilation failed: ${firstLine(error?.message ?? 'not a valid expression')}`;
      if (type !== result && type !== 'dyn') return `must evaluate to a ${result}, not to a ${type}`;
    }
    return undefined;
  } catch (error) {
    return `compilation failed: ${firstLine(error instanceof Error ? error.message : String(error))}`;
  }
}

/** The engine's messages go on with a drawing of the place. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string;
}

/** Functions that are called and are not in the list; and patterns that the two servers read differently. */
function unsupportedCalls(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(unsupportedCalls);
  if (!isNode(node)) return [];
  const below = unsupportedCalls(node.args);
  if (node.op !== 'call' && node.op !== 'rcall') return below;
  const name = node.args[0];
  if (!FUNCTIONS.has(name)) return [`${name}()`, ...below];
  if (name === 'matches' && !hasPortablePattern(node))
    return ['a pattern that is no literal, or not one of RE2', ...below];
  return below;
}

/** A literal without what JavaScript's patterns have beyond RE2: looking around, and references back. */
function hasPortablePattern({ args }: ASTNode): boolean {
  const pattern: unknown = (args as unknown[]).flat().at(-1);
  if (!isNode(pattern) || pattern.op !== 'value' || typeof pattern.args !== 'string') return false;
  return !/\(\?(?:[=!]|<[=!])|\\[1-9k]/.test(pattern.args) && !/\(\?[a-zA-Z]+[:)]|\\[AzQEpP]|\[\[:/.test(pattern.args);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
