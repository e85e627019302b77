/**
 * A frozen k-d tree over places on the globe, for walking outwards from a point.
 *
 * Points are unit vectors, so that "nearer" is a comparison of squared chords: no trigonometry per point, and neither
 * the poles nor the date line are special. Nodes are numbered like a heap (children of n: 2n + 1 and 2n + 2), so that
 * whoever builds on the tree can keep a summary per node and skip what cannot answer (`mayHold`).
 */
import type { Position } from '#src/rules/distance.ts'

export type PointTree = {
  readonly size: number
  /** Position in the tree -> number of the point as it was given. */
  readonly order: Uint32Array
  /** Unit vectors in the order of the tree: three numbers a point. */
  readonly vectors: Float64Array
  /** Six numbers a node: the least x, y, z and the greatest. */
  readonly boxes: Float64Array
  /** The points of node n are those from `firstOf[n]` up to, not including, `endOf[n]`. */
  readonly firstOf: Int32Array
  readonly endOf: Int32Array
  readonly nodeCount: number
  /** Nodes from this one on have no children. */
  readonly firstLeaf: number
}

/** One walk outwards from a unit vector. Chords are squared and measured on the unit sphere, 0 to 4. */
export type Sweep = {
  readonly from: Float64Array
  /** Nothing beyond this is wanted at first. Finite: 5 wants everything. */
  readonly reach: number
  /** Nodes below which something can be wanted; absent: all. */
  readonly marks?: NodeMarks
  /** Called for each point within reach with its squared chord, in no exact order. Answers with the reach from now on. */
  visit(at: number, chord: number): number
  /** Called after the points of a node without children. */
  leave?(leaf: number): void
}

/** A bit for each node: that of `words[stride * node + word]` which `bit` has. */
export type NodeMarks = {
  readonly words: Uint32Array
  readonly stride: number
  readonly word: number
  readonly bit: number
}

/** Few enough that a leaf costs little, many enough that boxes pay. Measured on 60,000 places. */
const LEAF_SIZE = 8
/** Points handled between two pauses of `growPointTree`: a millisecond or two. */
const STRIDE = 8192

/** The unit vector of a place, into `vectors` at point number `index`. */
export function setVector(vectors: Float64Array, index: number, { latitude, longitude }: Position): void {
  const north = (latitude * Math.PI) / 180
  const east = (longitude * Math.PI) / 180
  vectors[3 * index] = Math.cos(north) * Math.cos(east)
  vectors[3 * index + 1] = Math.cos(north) * Math.sin(east)
  vectors[3 * index + 2] = Math.sin(north)
}

/** Builds the tree over `given` (three numbers a point) in steps, so that a server can answer in between. */
export function* growPointTree(given: Float64Array): Generator<void, PointTree> {
  const size = given.length / 3
  const order = Uint32Array.from({ length: size }, (_, index) => index)
  const firstLeaf = (1 << depthFor(size)) - 1
  const nodeCount = 2 * firstLeaf + 1
  const firstOf = new Int32Array(nodeCount)
  const endOf = new Int32Array(nodeCount)
  const boxes = new Float64Array(6 * nodeCount)
  endOf[0] = size
  let handled = 0
  for (let node = 0; node < nodeCount; node++) {
    const first = firstOf[node] as number
    const end = endOf[node] as number
    const axis = enclose(boxes, node, given, order, first, end)
    if (node < firstLeaf) {
      const middle = (first + end) >> 1
      if (end > first) selectMiddle(order, given, axis, first, end - 1, middle)
      firstOf[2 * node + 1] = first
      endOf[2 * node + 1] = middle
      firstOf[2 * node + 2] = middle
      endOf[2 * node + 2] = end
    }
    handled += end - first
    if (handled >= STRIDE) {
      handled = 0
      yield
    }
  }
  return { size, order, vectors: inOrder(given, order), boxes, firstOf, endOf, nodeCount, firstLeaf }
}

/** Visits every point within reach, nearer boxes first, so that `visit` can lower the reach early. Not to be nested. */
export function sweepOutwards(tree: PointTree, sweep: Sweep): void {
  if (tree.size === 0) return
  let { reach } = sweep
  let waiting = push(0, 0, chordTo(tree, sweep, 0), reach)
  while (waiting > 0) {
    waiting--
    const node = waitingNodes[waiting] as number
    if ((waitingChords[waiting] as number) > reach) continue
    if (node >= tree.firstLeaf) reach = sweepLeaf(tree, sweep, node, reach)
    else waiting = pushChildren(tree, sweep, node, waiting, reach)
  }
}

/** Nodes still to be looked at, a stack: at most one a level, and two at the last. */
const waitingNodes = new Int32Array(64)
const waitingChords = new Float64Array(64)

/** Puts the children on the stack, the nearer one last, so that it is looked at first. */
function pushChildren(tree: PointTree, sweep: Sweep, node: number, waiting: number, reach: number): number {
  const left = 2 * node + 1
  const right = left + 1
  const toLeft = chordTo(tree, sweep, left)
  const toRight = chordTo(tree, sweep, right)
  if (toLeft <= toRight) return push(push(waiting, right, toRight, reach), left, toLeft, reach)
  return push(push(waiting, left, toLeft, reach), right, toRight, reach)
}

function push(waiting: number, node: number, chord: number, reach: number): number {
  if (chord > reach) return waiting
  waitingNodes[waiting] = node
  waitingChords[waiting] = chord
  return waiting + 1
}

/** The squared chord to a node's box; infinite when nothing below it can be wanted. */
function chordTo({ boxes }: PointTree, { marks, from }: Sweep, node: number): number {
  return marks === undefined || isMarked(marks, node) ? chordToBox(boxes, node, from) : Number.POSITIVE_INFINITY
}

const isMarked = ({ words, stride, word, bit }: NodeMarks, node: number): boolean =>
  ((words[stride * node + word] as number) & bit) !== 0

function sweepLeaf({ vectors, firstOf, endOf }: PointTree, sweep: Sweep, leaf: number, given: number): number {
  const x = sweep.from[0] as number
  const y = sweep.from[1] as number
  const z = sweep.from[2] as number
  const end = endOf[leaf] as number
  let reach = given
  for (let at = firstOf[leaf] as number; at < end; at++) {
    const dx = (vectors[3 * at] as number) - x
    const dy = (vectors[3 * at + 1] as number) - y
    const dz = (vectors[3 * at + 2] as number) - z
    const chord = dx * dx + dy * dy + dz * dz
    if (chord <= reach) reach = sweep.visit(at, chord)
  }
  sweep.leave?.(leaf)
  return reach
}

/** The squared chord to the nearest corner, edge or side of a node's box; 0 inside. */
function chordToBox(boxes: Float64Array, node: number, from: Float64Array): number {
  const box = 6 * node
  const dx = outside(boxes[box] as number, from[0] as number, boxes[box + 3] as number)
  const dy = outside(boxes[box + 1] as number, from[1] as number, boxes[box + 4] as number)
  const dz = outside(boxes[box + 2] as number, from[2] as number, boxes[box + 5] as number)
  return dx * dx + dy * dy + dz * dz
}

/** How far `here` is from the stretch between two numbers; 0 within. */
function outside(least: number, here: number, greatest: number): number {
  if (here < least) return least - here
  return here > greatest ? here - greatest : 0
}

function depthFor(size: number): number {
  let depth = 0
  while (size >> depth > LEAF_SIZE) depth++
  return depth
}

/** Writes a node's box and answers with the axis along which it is longest. */
function enclose(
  boxes: Float64Array,
  node: number,
  vectors: Float64Array,
  order: Uint32Array,
  first: number,
  end: number,
): number {
  let longest = 0
  let length = Number.NEGATIVE_INFINITY
  for (let axis = 0; axis < 3; axis++) {
    let least = Number.POSITIVE_INFINITY
    let greatest = Number.NEGATIVE_INFINITY
    for (let at = first; at < end; at++) {
      const value = vectors[3 * (order[at] as number) + axis] as number
      if (value < least) least = value
      if (value > greatest) greatest = value
    }
    boxes[6 * node + axis] = least
    boxes[6 * node + axis + 3] = greatest
    if (greatest - least > length) {
      length = greatest - least
      longest = axis
    }
  }
  return longest
}

/** Hoare's selection: afterwards nothing before `middle` lies further along the axis than what is at and after it. */
function selectMiddle(
  order: Uint32Array,
  vectors: Float64Array,
  axis: number,
  from: number,
  to: number,
  middle: number,
): void {
  let low = from
  let high = to
  while (low < high) {
    const [lowEnds, highBegins] = partition(
      order,
      (at) => vectors[3 * (order[at] as number) + axis] as number,
      low,
      high,
    )
    if (middle <= lowEnds) high = lowEnds
    else if (middle >= highBegins) low = highBegins
    else return
  }
}

/** Splits a stretch around a pivot; between the two positions given back all lie exactly on it. */
function partition(
  order: Uint32Array,
  along: (at: number) => number,
  low: number,
  high: number,
): readonly [lowEnds: number, highBegins: number] {
  const pivot = medianOf(along(low), along((low + high) >> 1), along(high))
  let i = low
  let j = high
  while (i <= j) {
    while (along(i) < pivot) i++
    while (along(j) > pivot) j--
    if (i <= j) swap(order, i++, j--)
  }
  return [j, i]
}

const medianOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))

function swap(order: Uint32Array, i: number, j: number): void {
  const held = order[i] as number
  order[i] = order[j] as number
  order[j] = held
}

function inOrder(given: Float64Array, order: Uint32Array): Float64Array {
  const sorted = new Float64Array(given.length)
  for (let at = 0; at < order.length; at++) {
    const index = 3 * (order[at] as number)
    sorted[3 * at] = given[index] as number
    sorted[3 * at + 1] = given[index + 1] as number
    sorted[3 * at + 2] = given[index + 2] as number
  }
  return sorted
}
