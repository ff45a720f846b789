import { endOfString } from './end-of-string.ts';

/** As many as kube-apiserver tells of. */
const MAX_REPORTED = 100;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** An object or a list that is open at this place of the text. */
interface Frame {
  /** Keys seen so far; undefined for a list. */
  readonly keys: Set<string> | undefined;
  /** The key, or the place in the list, of the value that is read. */
  at: string | number;
}

/**
 * Paths of the keys that an object has twice, as `spec.containers[0].name`, in
 * the order of the text. `JSON.parse` alone takes the last value in silence.
 *
 * One pass without recursion: the cost is that of the text's length.
 *
 * @param text valid JSON: `JSON.parse` has read it
 */
export function findDuplicateFields(text: string): string[] {
  const found = new Set<string>();
  const open: Frame[] = [];
  let frame: Frame | undefined;
  let keyIsNext = false;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case OPEN_OBJECT:
      case OPEN_LIST: {
        keyIsNext = text.charCodeAt(index) === OPEN_OBJECT;
        frame = keyIsNext ? { keys: new Set(), at: '' } : { keys: undefined, at: 0 };
        open.push(frame);
        break;
      }
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        open.pop();
        frame = open.at(-1);
        keyIsNext = false;
        break;
      case COMMA:
        if (typeof frame?.at === 'number') frame.at += 1;
        else keyIsNext = true;
        break;
      case QUOTE: {
        const end = endOfString(text, index);
        if (keyIsNext && frame?.keys !== undefined) {
          keyIsNext = false;
          const key = readKey(text, index, end);
          frame.at = key;
          if (frame.keys.has(key)) found.add(pathOf(open));
          else frame.keys.add(key);
          if (found.size >= MAX_REPORTED) return [...found];
        }
        index = end;
        break;
      }
    }
  }
  return [...found];
}

/** Two spellings of one key (`"a"` and `"\u0061"`) are the same key. */
function readKey(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

function pathOf(open: readonly Frame[]): string {
  let path = '';
  for (const { at } of open) path += typeof at === 'number' ? `[${at}]` : path === '' ? at : `.${at}`;
  return path;
}
