/** The few pieces of DER (ITU-T X.690) that a certificate is made of. */

const bytes = (...values: number[]): Buffer => Buffer.from(values);

function encodeLength(length: number): Buffer {
  if (length < 0x80) return bytes(length);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return bytes(0x80 + digits.length, ...digits);
}

/** One element: tag, length, content. */
export function element(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([bytes(tag), encodeLength(body.length), body]);
}

/** An ordered group. */
export const sequence = (...content: Buffer[]): Buffer => element(0x30, ...content);
/** An unordered group. */
export const set = (...content: Buffer[]): Buffer => element(0x31, ...content);
/** Raw bytes as one value. */
export const octets = (...content: Buffer[]): Buffer => element(0x04, ...content);
/** Text of any characters. */
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'));
/** True; false is left out wherever it is the default. */
export const yes = (): Buffer => element(0x01, bytes(0xff));

/** A whole number given by its big-endian bytes, always positive. */
export function positiveInteger(value: Buffer): Buffer {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start += 1;
  const digits = value.subarray(start);
  return element(0x02, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([bytes(0), digits]) : digits);
}

/** Bits; `unused` says how many of the last byte's lowest bits do not count. */
export const bits = (content: Buffer, unused = 0): Buffer => element(0x03, bytes(unused), content);

/** An object identifier from its dotted form. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const encoded = rest.flatMap((arc) => {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) + 128);
    return digits;
  });
  return element(0x06, bytes(first * 40 + second, ...encoded));
}

/** A moment in UTC, to the second: two-digit years until 2049, as RFC 5280 wants it. */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2), 'ascii'))
    : element(0x18, Buffer.from(digits, 'ascii'));
}
