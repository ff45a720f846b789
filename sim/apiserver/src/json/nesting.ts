import { endOfString } from './end-of-string.ts';

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Whether lists and objects stand in each other on more levels than these.
 *
 * @param text valid JSON: `JSON.parse` has read it
 */
export function isNestedDeeper(text: string, levels: number): boolean {
  // Each level opens and closes: a short text is not worth reading.
  if (text.length <= 2 * levels) return false;
  let open = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case OPEN_LIST:
      case OPEN_OBJECT:
        open += 1;
        if (open > levels) return true;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        open -= 1;
        break;
      case QUOTE:
        index = endOfString(text, index);
        break;
    }
  }
  return false;
}
