/**
 * What is wrong with a YAML text and what would be right, in Margay's own
 * words; by the code that the package `yaml` gives its errors.
 */
const MISTAKES: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias (*name) cannot have a tag or an anchor of its own; write the alias alone',
  BAD_ALIAS: 'an alias (*name) has no anchor before it, or unfolds into too much; repeat the value instead',
  BAD_COLLECTION_TYPE: 'the tag does not fit a list or a map; leave the tag out',
  BAD_DIRECTIVE: 'a line that begins with % is a directive, and this one is not known; remove it, or quote the text',
  BAD_DQ_ESCAPE:
    'the text in double quotes has an escape that YAML does not know; write \\\\ for a backslash, or use single quotes',
  BAD_INDENT:
    'the indentation does not fit what is around it; indent the entries of one map or list alike, and close every bracket',
  // Ours, for what the package finds only when it makes the value.
  BAD_MERGE_KEY: 'a merge key (<<) needs a map or an alias of one; write the fields themselves',
  BAD_PROP_ORDER: 'an anchor or a tag stands where none can; put it before the value that it belongs to',
  BAD_SCALAR_START: 'a value cannot begin with this character; put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a map begins inside a line that has a key already; put the value in quotes, or on a line of its own',
  BLOCK_IN_FLOW:
    'a list or map by indentation stands inside brackets; write it in brackets too, or take the brackets away',
  DUPLICATE_KEY: 'the key stands twice in one map; keep one of the two',
  KEY_OVER_1024_CHARS: 'the key is longer than 1024 characters; a key is one short word',
  MISSING_CHAR:
    'something is missing here; close what is open with its quote or bracket, separate entries with a comma, and put a space after a colon',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; write the key and its colon on one line',
  MULTIPLE_ANCHORS: 'a value has two anchors (&name); keep one of them',
  MULTIPLE_DOCS:
    'a second document begins here, and there can be only one; remove the line --- and what follows, or merge the two',
  MULTIPLE_TAGS: 'a value has two tags (!name); keep one of them',
  NON_STRING_KEY: 'a key is no text; put it in quotes',
  RESOURCE_EXHAUSTION: 'the text is nested too deeply; write it with fewer levels',
  TAB_AS_INDENT: 'a tab stands where indentation is wanted; indent with spaces',
  TAG_RESOLVE_FAILED: 'the tag (!name) is not known or does not fit the value; leave the tag out',
  UNEXPECTED_TOKEN:
    'this cannot stand here; look for a bracket or a quote too many, and put texts with special characters in quotes',
};

/** One sentence for people: what is wrong, and what would be right. */
export function describeYamlMistake(code: string): string {
  return `not valid YAML: ${MISTAKES[code] ?? 'this cannot be understood; look at the indentation, the quotes and the brackets'}`;
}
