'use strict';

// The data of the page, lockgraph-page/1, and how they are told.

const page = JSON.parse(document.getElementById('data').textContent);
const strings = page.strings;

/** Rows of a table as objects; what is not there is undefined. */
function objects(rows, names) {
  return rows.map((row) => {
    const object = {};
    row.forEach((value, index) => {
      if (value !== null) object[names[index]] = value;
    });
    return object;
  });
}

for (const order of page.dependencies) order.count ??= 1;
page.places = objects(page.places, ['text', 'file', 'line', 'column']);
page.uses = objects(page.uses, ['lock', 'class', 'line', 'place', 'stack', 'mode', 'kind']);
page.witnesses = objects(page.witnesses,
  ['thread', 'held', 'wanted', 'input', 'line', 'kind', 'options', 'alsoHeld', 'moreHeld']);

// Controls, changes of direction, and what has no width: seen rather than obeyed.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text as it is shown: no character steers anything, and the middle of a long one is left out. */
function shown(text, limit = 160) {
  const safe = text.replace(UNSAFE, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
  if (safe.length <= limit) return safe;
  const tail = Math.floor(limit / 3);
  return `${safe.slice(0, limit - tail - 1)}…${safe.slice(-tail)}`;
}

function string(number) {
  return strings[number];
}

function className(number) {
  return strings[page.classes[number].name];
}

const SEVERITIES = {
  error: { word: 'Error', sign: '✕' },
  warning: { word: 'Warning', sign: '!' },
  note: { word: 'Note', sign: 'i' },
};

const GRADES = {
  observed: 'It happened in this run.',
  predicted: 'This run’s events, in another order, end in it.',
  feasible: 'The same locks, different threads, and nothing keeps them apart.',
  ordering: 'Both orders were seen, but not by different threads on the same locks.',
  excluded: 'Something structural keeps every combination that was seen from happening.',
};

const STANDINGS = {
  failing: 'new',
  below: 'below the threshold',
  known: 'known: in the baseline',
  ignored: 'ignored by the policy',
  expired: 'excuse expired',
};

const KINDS = {
  EN: 'held exclusively, asked for by a writer or by a reader that waits behind writers',
  ER: 'held exclusively, asked for by a reader that only a writer who has the lock can stop',
  SN: 'held by a reader, asked for by a writer or by a reader that waits behind writers',
  SR: 'held by a reader, asked for by a reader that only a writer who has the lock can stop',
};

/** The kinds of an order in words. */
function kindWords(number) {
  const names = (number === undefined ? 'EN' : string(number)).split(' ').filter((name) => KINDS[name]);
  return names.length ? names.map((name) => KINDS[name]).join('; or ') : 'how is not told';
}

// Without a baseline or a policy all are new, and nothing is said of it.
const hasStandings = page.findings.some(
  ({ standing }) => ['known', 'ignored', 'expired'].includes(standing));

function isExcused(finding) {
  return finding.standing === 'known' || finding.standing === 'ignored';
}

// Two findings of one report may have one fingerprint.
const findings = page.findings;
const findingsById = new Map();
findings.forEach((finding, index) => {
  let id = finding.fingerprint;
  for (let copy = 2; findingsById.has(id); copy += 1) id = `${finding.fingerprint}-${copy}`;
  finding.id = id;
  finding.number = index + 1;
  finding.standing ??= page.verdict && 'failing';
  for (const edge of finding.edges ?? []) edge.count ??= 1;
  if (finding.schedule) {
    const { schedule } = finding;
    schedule.input ??= finding.input;
    schedule.segments = objects(schedule.segments, ['thread', 'line', 'place']);
    schedule.waits = objects(schedule.waits,
      ['thread', 'line', 'place', 'blockedBy', 'wants', 'mode', 'queued']);
  }
  // Who takes part in a circle that has not happened: the first who took each of its orders.
  if (finding.edges && !finding.waiters) {
    finding.sides ??= finding.edges.map((edge) => edge.witnesses[0]);
  }
  findingsById.set(id, finding);
});

/** The place where a finding is shown; undefined where none is known. */
function primaryPlace(finding) {
  const side = finding.sides && page.witnesses[finding.sides[0]];
  const places = [
    side && page.uses[side.wanted].place,
    finding.waiters?.[0].place,
    finding.events?.[0].place,
    side && page.uses[side.held].place,
  ];
  return places.find((place) => place !== undefined);
}

/** A place as the input has it. */
function placeInInput({ text, file, line, column }) {
  if (text !== undefined) return string(text);
  return [page.files[file].path, line, ...(column === undefined ? [] : [column])].join(':');
}

/** A place as FILE:LINE, as a person would look it up. */
function placeText(number) {
  const place = page.places[number];
  return place.file === undefined
    ? string(place.text) : `${page.files[place.file].path}:${place.line}`;
}

/** A lock by its class, and by its own name where that tells more. */
function lockText(use) {
  const [lock, lockClass] = [string(use.lock), string(use.class)];
  if (lock === lockClass) return shown(lock, 90);
  const own = lock.startsWith(`${lockClass}@`) ? lock.slice(lockClass.length + 1) : lock;
  return `${shown(lockClass, 80)} (${shown(own, 60)})`;
}

function modeText(use) {
  return use.mode ? ` (${use.mode})` : '';
}

const grouped = new Intl.NumberFormat('en');

/** `1 event`, `1,200 events`. */
function counted(count, one, many = `${one}s`) {
  return `${grouped.format(count)} ${count === 1 ? one : many}`;
}

/** Nanoseconds with a unit that suits them. */
function duration(nanoseconds) {
  const units = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs']];
  const [size, unit] = units.find(([size]) => nanoseconds >= size) ?? [1, 'ns'];
  const value = nanoseconds / size;
  return `${value >= 100 || size === 1 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
}
