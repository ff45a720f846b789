import type { Outcome } from '../kubectl.ts';

/** What no two servers have in common, and what stands for it. */
const MUST_DIFFER: readonly (readonly [what: RegExp, instead: string])[] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uid>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| [+-]\d{4})/g, '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/(?<=\s|^|\()(?:\d+[ydhms]){1,2}(?=\s|$|\))/gm, '<age>'],
  [/(resourceVersion"?: ?)"\d+"/g, '$1"<version>"'],
  // Who set which field: for server-side apply, which ours has not.
  [/"managedFields":\[.*?\}\],(?="name)/g, ''],
  [/(Resource Version: +)\d+/g, '$1<version>'],
  [/\b127\.0\.0\.1:\d+/g, '<server>'],
  [/[^\s"]*\/(LIVE|MERGED|kubectl-edit)-\d+/g, '/tmp/$1'],
  // Columns are as wide as their widest cell, and ages differ.
  [/(?<=\S) {2,}/g, '  '],
  [/[ \t]+$/gm, ''],
];

/**
 * Why a value is wrong is said in words of our own, here and in the answers of
 * Kubernetes; which field, which value and what kind of mistake it is are its
 * terms. A reason ends with its line, or where the next mistake begins.
 */
const NEXT_MISTAKE = String.raw`(?=, [\w.[\]/-]+: [A-Z]|\]?$)`;
const MISTAKE = String.raw`((?:^|[ [])[\w.[\]/ -]+: (?:Invalid value(?:: (?:"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^\s:]+))?|Forbidden)): `;

const REASONS: readonly (readonly [what: RegExp, instead: string])[] = [
  // Kubernetes shows what changed in a pod as Go holds it.
  [/(is invalid: spec: Forbidden: [^\n]*)\n(?:@@|[ +-]).*(?:\n.*)*/, '$1\n'],
  [/(patch: Invalid value): .*/g, '$1: <reason>'],
  [new RegExp(`${MISTAKE}.*?${NEXT_MISTAKE}`, 'gm'), '$1: <reason>'],
  [/(: Required value): [^\n]*?(?=, [\w.[\]/-]+: [A-Z]|\]?$)/gm, '$1'],
  [/(Duplicate value: )(?!".*"$).*$/gm, '$1<value>'],
  [/(?:Scheduling is blocked due to|the pod is not placed while it has).* scheduling gates/g, '<reason>'],
  [/(^Warning: [\w.[\]]+: ).*/gim, '$1<reason>'],
  [/(^Warning: spec\.)SessionAffinity is.*/gm, '$1sessionAffinity: <reason>'],
  [/(cannot be handled as an? \w+: )(?!strict decoding error).*/g, '$1<reason>'],
  [/(unable to parse requirement: |invalid selector: '[^']*'; |due to an error in our request).*/g, '$1<reason>'],
];

/** The same text wherever two servers differ only in what must differ. */
export function normalise(text: string): string {
  const replaced = [...MUST_DIFFER, ...REASONS].reduce(
    (result, [what, instead]) => result.replace(what, instead),
    text,
  );
  return sortedMistakes(
    replaced.replace(
      /supported values: (.*)$/gm,
      (_, values: string) => `supported values: ${values.split(', ').sort().join(', ')}`,
    ),
  );
}

/** The order in which mistakes are told means nothing, and that one is told twice. */
function sortedMistakes(text: string): string {
  return text.replace(/\n(?:\* .*\n)+/g, (lines) => {
    const mistakes = [...new Set(lines.trim().split('\n'))].sort();
    return mistakes.length === 1 ? ` ${mistakes[0]?.slice(2)}\n` : `\n${mistakes.join('\n')}\n`;
  });
}

export function normaliseOutcome({ code, stdout, stderr }: Outcome): Outcome {
  return { code, stdout: normalise(stdout), stderr: normalise(stderr) };
}

/** Of what `kubectl explain` prints all but the descriptions: fields, types, marks and allowed values. */
export function explainedStructure(text: string): string {
  return text
    .split(/^(?=[A-Z]+:)/m)
    .map((section) => {
      if (section.startsWith('DESCRIPTION:')) return 'DESCRIPTION:\n';
      if (!section.startsWith('FIELDS:')) return section;
      return section
        .split('\n')
        .filter((line) => /^\S|\t|^ +enum: /.test(line))
        .join('\n');
    })
    .join('');
}
