/** How far points are from having moved as one plane: what a flat picture does under a camera, and a head does not. */

/** Coordinates, x and y in turn. */
export type FlatPoints = readonly number[];

/** @returns root mean square of what the best homography from `from` to `to` leaves, in their unit. */
export function planarResidual(from: FlatPoints, to: FlatPoints): number {
  const h = fitHomography(from, to);
  let squares = 0;
  for (let at = 0; at < from.length; at += 2) {
    const [x = 0, y = 0, u = 0, v = 0] = [from[at], from[at + 1], to[at], to[at + 1]];
    const depth = dot(h, 6, x, y, 1);
    squares += (dot(h, 0, x, y, h[2]) / depth - u) ** 2 + (dot(h, 3, x, y, h[5]) / depth - v) ** 2;
  }
  return Math.sqrt(squares / (from.length / 2));
}

function dot(h: readonly number[], at: number, x: number, y: number, constant = 0): number {
  return (h[at] ?? 0) * x + (h[at + 1] ?? 0) * y + constant;
}

/** Direct linear transformation with h33 = 1, by normal equations; the points must be centred and about 1 in size. */
function fitHomography(from: FlatPoints, to: FlatPoints): number[] {
  const matrix = Array.from({ length: 8 }, () => new Array<number>(9).fill(0));
  const add = (row: readonly number[], value: number): void => {
    matrix.forEach((equation, i) => {
      const factor = row[i] ?? 0;
      row.forEach((entry, j) => (equation[j] = (equation[j] ?? 0) + factor * entry));
      equation[8] = (equation[8] ?? 0) + factor * value;
    });
  };
  for (let at = 0; at < from.length; at += 2) {
    const [x = 0, y = 0, u = 0, v = 0] = [from[at], from[at + 1], to[at], to[at + 1]];
    add([x, y, 1, 0, 0, 0, -u * x, -u * y], u);
    add([0, 0, 0, x, y, 1, -v * x, -v * y], v);
  }
  return solve(matrix);
}

/** Gauss and Jordan, with the largest pivot of each column. @param rows of the system, right side last; overwritten */
function solve(rows: number[][]): number[] {
  for (let column = 0; column < rows.length; column++) {
    const candidates = rows.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const largest = column + candidates.indexOf(Math.max(...candidates));
    [rows[column], rows[largest]] = [rows[largest] ?? [], rows[column] ?? []];
    const pivot = rows[column] ?? [];
    const scale = pivot[column] ?? 0;
    rows.forEach((row, index) => {
      if (index === column) return;
      const factor = (row[column] ?? 0) / scale;
      for (let k = column; k < row.length; k++) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
    });
  }
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? 1));
}
