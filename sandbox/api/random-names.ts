/** No vowels and no look-alikes, so that no words come out: the alphabet of apimachinery's `rand.String`. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
/** A name may have 63 characters, of which the suffix takes five. */
const MAX_STEM = 58;

export function generateName(stem: string, random: () => number): string {
  return stem.slice(0, MAX_STEM) + randomSuffix(random);
}

function randomSuffix(random: () => number): string {
  return Array.from({ length: 5 }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}

/** A version 4 UUID from the given randomness, so that a seeded sandbox has the same uids every time. */
export function randomUid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16));
  hex[12] = 4;
  hex[16] = 8 + (hex[16]! & 3);
  const text = hex.map((digit) => digit.toString(16)).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  );
}
