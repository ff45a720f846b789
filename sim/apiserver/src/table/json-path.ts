type Step = { readonly name: string } | { readonly index: number } | { readonly key: string; readonly equals: string };

/**
 * Compiles the subset of JSONPath that printer columns use: `.spec.cidr`,
 * `.a['b.c']`, `.items[0]`, `.conditions[?(@.type=="Ready")].status`.
 *
 * @throws {Error} for any other form
 */
export function compileJsonPath(path: string): (object: unknown) => unknown {
  const steps = parseSteps(path);
  return (object) => {
    let value: unknown = object;
    for (const step of steps) value = take(value, step);
    return value;
  };
}

function parseSteps(path: string): Step[] {
  const steps: Step[] = [];
  const pattern = /\.((?:\\.|[^.[\]\\])+)|\[(\d+)\]|\['([^']+)'\]|\[\?\(@\.([\w-]+)\s*==\s*["']([^"']*)["']\)\]/y;
  const text = path.startsWith('.') || path.startsWith('[') ? path : `.${path}`;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new Error(`the JSON path '${path}' cannot be read at '${text.slice(at)}'`);
    const [, name, index, quoted, key, equals] = match;
    if (index !== undefined) steps.push({ index: Number(index) });
    else if (key !== undefined) steps.push({ key, equals: equals ?? '' });
    else steps.push({ name: (quoted ?? name ?? '').replaceAll('\\', '') });
  }
  return steps;
}

function take(value: unknown, step: Step): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('index' in step) return Array.isArray(value) ? value[step.index] : undefined;
  if ('name' in step) return (value as Record<string, unknown>)[step.name];
  if (!Array.isArray(value)) return undefined;
  return value.find((item: unknown) => (item as Record<string, unknown> | null)?.[step.key] === step.equals);
}
