/** Numbers from 0 to below 1 by a counter that is mixed: the same as `uniform` in Python. */
export function uniform(n: number, seed = 0): Float64Array {
  const found = new Float64Array(n);
  const start = Math.imul(seed, 0x85ebca6b);
  for (let i = 0; i < n; i++) {
    let x = (Math.imul(i + 1, 0x9e3779b9) + start) | 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b);
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae35);
    x ^= x >>> 16;
    found[i] = (x >>> 0) / 4294967296;
  }
  return found;
}

/** A permutation of 0 to n - 1 in the order of `uniform`. */
export function permutation(n: number, seed: number): number[] {
  const keys = uniform(n, seed + 1);
  return [...keys.keys()].sort((a, b) => keys[a]! - keys[b]! || a - b);
}
