import { describeYamlMistake } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, parseDocument } from 'yaml';

const TEXTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: 'a: &x 1\nb: &y *x',
  BAD_DQ_ESCAPE: 'a: "\\z"',
  BAD_INDENT: 'a: [\n1]',
  BAD_SCALAR_START: 'a: @b',
  BLOCK_AS_IMPLICIT_KEY: 'a: b: c',
  BLOCK_IN_FLOW: '[ - b ]',
  DUPLICATE_KEY: 'a: 1\na: 2',
  MISSING_CHAR: '[1',
  MULTIPLE_ANCHORS: 'a: &x &y 1',
  MULTIPLE_DOCS: 'a: 1\n---\nb: 1',
  MULTIPLE_TAGS: 'a: !x !y 1',
  TAB_AS_INDENT: 'a:\n\tb: 1',
  UNEXPECTED_TOKEN: 'a: ]',
};

describe('describeYamlMistake', () => {
  it.each(Object.entries(TEXTS))('has words of its own for %s', (code, text) => {
    const { errors } = parseDocument(text, { prettyErrors: false });
    expect(errors.map((error) => error.code)).toContain(code);
    const sentence = describeYamlMistake(code);
    expect(sentence).toMatch(/^not valid YAML: .+; .+$/);
    expect(sentence).not.toBe(describeYamlMistake('NEVER_HEARD_OF'));
    for (const { message } of errors) expect(sentence).not.toContain(message);
  });

  it('says where to look when the code is a new one', () => {
    expect(describeYamlMistake('NEVER_HEARD_OF')).toMatch(/look at the indentation/);
  });
});
