/**
 * SHA-256 of the UTF-8 text, as lower-case hexadecimal. Source: FIPS 180-4.
 * Written out because a core package uses no platform API, and WebCrypto's
 * digest is asynchronous.
 */
export function sha256Hex(text: string): string {
  const message = paddedMessage(text);
  const state = Uint32Array.from(INITIAL_STATE);
  const schedule = new Uint32Array(64);
  for (let offset = 0; offset < message.byteLength; offset += 64) compressBlock({ state, schedule, message, offset });
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

interface Compression {
  readonly state: Uint32Array;
  readonly schedule: Uint32Array;
  readonly message: DataView;
  readonly offset: number;
}

function compressBlock({ state, schedule: w, message, offset }: Compression): void {
  const at = (index: number): number => w[index] as number;
  for (let index = 0; index < 16; index++) w[index] = message.getUint32(offset + index * 4);
  for (let index = 16; index < 64; index++) {
    const x = at(index - 15);
    const y = at(index - 2);
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[index] = at(index - 16) + s0 + at(index - 7) + s1;
  }
  const word = (index: number): number => state[index] as number;
  let [a, b, c, d] = [word(0), word(1), word(2), word(3)];
  let [e, f, g, h] = [word(4), word(5), word(6), word(7)];
  for (let index = 0; index < 64; index++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND_CONSTANTS[index] as number) + at(index)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    // Plain assignments: a swap by destructuring makes an array each round.
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = word(0) + a;
  state[1] = word(1) + b;
  state[2] = word(2) + c;
  state[3] = word(3) + d;
  state[4] = word(4) + e;
  state[5] = word(5) + f;
  state[6] = word(6) + g;
  state[7] = word(7) + h;
}

/** The text, a one bit, zeros up to 56 bytes of a block, the length in bits as 64-bit number. */
function paddedMessage(text: string): DataView {
  const longest = text.length * 3;
  const buffer = new Uint8Array(Math.ceil((longest + 9) / 64) * 64);
  const length = writeUtf8(text, buffer);
  buffer[length] = 0x80;
  const view = new DataView(buffer.buffer, 0, Math.ceil((length + 9) / 64) * 64);
  view.setUint32(view.byteLength - 8, Math.floor(length / 2 ** 29));
  view.setUint32(view.byteLength - 4, (length * 8) >>> 0);
  return view;
}

/** Returns how many bytes it wrote: at most three for each UTF-16 unit. */
function writeUtf8(text: string, into: Uint8Array): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) as number;
    if (code < 0x80) {
      into[length++] = code;
      continue;
    }
    if (code >= 0x10000) {
      index++;
      into[length++] = 0xf0 | (code >> 18);
      into[length++] = 0x80 | ((code >> 12) & 63);
    } else if (code >= 0x800) {
      into[length++] = 0xe0 | (code >> 12);
    }
    if (code >= 0x800) into[length++] = 0x80 | ((code >> 6) & 63);
    else into[length++] = 0xc0 | (code >> 6);
    into[length++] = 0x80 | (code & 63);
  }
  return length;
}

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

/** First 32 bits of the fractional part of the `root`-th root of the first primes. */
function primeRootBits(count: number, root: 2 | 3): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes.map((prime) => Number(integerRoot(BigInt(prime) << BigInt(32 * root), root) & 0xffffffffn));
}

/** The largest whole number whose `root`-th power is at most `value`. */
function integerRoot(value: bigint, root: 2 | 3): bigint {
  let low = 0n;
  let high = 1n << 40n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** BigInt(root) <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

const INITIAL_STATE = primeRootBits(8, 2);
const ROUND_CONSTANTS = primeRootBits(64, 3);
