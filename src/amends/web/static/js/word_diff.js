/* What differs between two texts, word by word: two lists of [words, differs], one for each text. */
const MOST = 1200; // words; beyond it both are shown whole
const cut = (text) => text.match(/\s+|[^\s]+/g) || [];

export function diffWords(one, other) {
  const left = cut(one), right = cut(other);
  let head = 0, tail = 0;
  const most = Math.min(left.length, right.length);
  while (head < most && left[head] === right[head]) head += 1;
  while (tail < most - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  const a = left.slice(head, left.length - tail), b = right.slice(head, right.length - tail);
  const [keepA, keepB] = a.length * b.length > MOST * MOST ? [new Set(), new Set()] : common(a, b);
  const shown = (words, middle, kept) => merge(words.map((word, at) => [word, at >= head && at < words.length - tail && !kept.has(at - head) && middle.length > 0]));
  return [shown(left, a, keepA), shown(right, b, keepB)];
}
function common(a, b) {
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) for (let j = b.length - 1; j >= 0; j -= 1) length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  const keepA = new Set(), keepB = new Set();
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) { keepA.add(i); keepB.add(j); i += 1; j += 1; } else if (length[i + 1][j] >= length[i][j + 1]) i += 1; else j += 1;
  }
  return [keepA, keepB];
}
function merge(words) {
  const runs = [];
  for (const [word, differs] of words) {
    const last = runs.at(-1);
    if (last && last[1] === differs) last[0] += word; else runs.push([word, differs]);
  }
  return runs;
}
