// What happens in a finding, as lanes: a lane a thread, a row a step, time downwards.
//
// lanes: {name, note}. rows: {lane, verb, use, text, place, stack, input, line, isWait}.
// bars: {lane, lock, from, to, isWait, mode}, rows from and to inclusive; no `to` is to the end.
// arrows: {from, to}, from the bar of a wait to the bar of what it waits for.

const LANE_LIMIT = 12;

class Scenario {
  constructor() {
    this.lanes = [];
    this.rows = [];
    this.bars = [];
    this.arrows = [];
    this.ending = '';
    this.locks = [];
  }

  lane(name, note) {
    this.lanes.push({ name, note });
    return this.lanes.length - 1;
  }

  /** The number of a lock, by which it has its colour and letter. */
  lock(use) {
    const name = string(use.lock);
    if (!this.locks.includes(name)) this.locks.push(name);
    return this.locks.indexOf(name);
  }

  /** A row with a bar that begins there. */
  add(lane, verb, use, options = {}) {
    const row = this.rows.length;
    this.rows.push({
      lane, verb, use, place: use?.place, stack: use?.stack, line: use?.line, ...options,
    });
    if (!use || options.hasNoBar) return null;
    const bar = {
      lane, lock: this.lock(use), from: row, isWait: Boolean(options.isWait), mode: use.mode,
    };
    this.bars.push(bar);
    return bar;
  }
}

function scenarioOf(finding) {
  if (finding.waiters) return scenarioOfWaiters(finding);
  if (finding.events && (!finding.sides || finding.rule.startsWith('context'))) {
    return scenarioOfEvents(finding);
  }
  if (finding.sides) return scenarioOfSides(finding);
  return new Scenario();
}

/** Threads that wait for each other, as they came to it where one input tells in which order. */
function scenarioOfWaiters(finding) {
  const scenario = new Scenario();
  const waiters = finding.waiters.slice(0, LANE_LIMIT);
  const hasOrder = finding.rule === 'deadlock'
    && new Set(waiters.map((waiter) => waiter.input)).size === 1;
  const steps = [];
  waiters.forEach((waiter, index) => {
    scenario.lane(string(waiter.thread));
    for (const number of waiter.held) {
      const use = page.uses[number];
      steps.push({ index, use, isWait: false, order: hasOrder ? use.line : 0 });
    }
    steps.push({ index, isWait: true, order: hasOrder ? waiter.line : 1 });
  });
  steps.sort((one, other) => one.order - other.order);
  const holds = new Map();
  const waits = [];
  const ordered = finding.schedule ? scheduled(steps, waiters, finding.schedule) : steps;
  for (const { index, use, isWait, segment } of ordered) {
    if (segment) {
      const lane = index < 0 ? laneOf(scenario, segment.thread) : index;
      if (lane !== undefined) addRun(scenario, lane, segment, finding);
      continue;
    }
    const waiter = waiters[index];
    const input = string(waiter.input);
    if (!isWait) {
      holds.set(`${index}\n${use.lock}`, scenario.add(index, 'takes', use, { input }));
      continue;
    }
    const wanted = waiter.wanted === undefined ? undefined : page.uses[waiter.wanted];
    const bar = scenario.add(index, 'waits for', wanted, {
      input, isWait: true, text: wanted ? undefined : string(waiter.text),
      place: waiter.place ?? wanted?.place, stack: waiter.stack ?? wanted?.stack,
      line: waiter.line, options: waiter.options,
    }) ?? { lane: index, lock: -1, from: scenario.rows.length - 1, isWait: true };
    if (!scenario.bars.includes(bar)) scenario.bars.push(bar);
    waits[index] = bar;
  }
  waiters.forEach((waiter, index) => {
    const other = waiters.findIndex((next) => next.thread === waiter.blockedBy);
    const wanted = waiter.wanted === undefined ? undefined : page.uses[waiter.wanted].lock;
    const to = other < 0 ? undefined : holds.get(`${other}\n${wanted}`) ?? waits[other];
    if (to && to !== waits[index]) scenario.arrows.push({ from: waits[index], to });
  });
  scenario.ending = waiters.some((waiter) => waiter.options?.length)
    ? 'and so they wait until one gives up.' : 'and so they wait, for ever.';
  if (waiters.length === 1) scenario.ending = 'and so it waits, for ever.';
  return scenario;
}

/** The steps of waiters in the order of a schedule, with what threads do in between. */
function scheduled(steps, waiters, schedule) {
  const left = new Set(steps);
  const ordered = [];
  for (const segment of schedule.segments) {
    const index = waiters.findIndex((waiter) => waiter.thread === segment.thread);
    const taken = [...left].filter((step) => step.index === index && !step.isWait
      && step.use.line <= segment.line);
    for (const step of taken) left.delete(step);
    ordered.push(...taken);
    if (taken.at(-1)?.use.line !== segment.line) ordered.push({ segment, index });
  }
  return [...ordered, ...[...left].sort((one, other) => one.isWait - other.isWait)];
}

/** The lane of a thread that has no part in the circle; undefined where there is no room. */
function laneOf(scenario, thread) {
  const known = scenario.lanes.findIndex((one) => one.thread === thread);
  if (known >= 0) return known;
  if (scenario.lanes.length >= LANE_LIMIT) return undefined;
  const lane = scenario.lane(string(thread));
  scenario.lanes[lane].thread = thread;
  return lane;
}

/** The threads of a potential deadlock, each at its request. */
function scenarioOfSides(finding) {
  const scenario = new Scenario();
  const sides = finding.sides.slice(0, LANE_LIMIT).map((number) => page.witnesses[number]);
  const threads = new Set();
  const inputs = new Set(sides.map((side) => side.input));
  const lanes = sides.map((side) => {
    const key = `${side.thread}\n${side.input}`;
    const notes = [];
    if (threads.has(key)) notes.push('at another time');
    if (inputs.size > 1) notes.push(string(side.input));
    threads.add(key);
    return scenario.lane(string(side.thread), notes.join(', '));
  });
  const held = sides.map((side) => [...(side.alsoHeld ?? []), side.held]
    .map((number) => page.uses[number])
    .filter((use, index, all) => all.findIndex((one) => one.lock === use.lock) === index)
    .sort((one, other) => one.line - other.line));
  const bars = sides.map(() => new Map());
  const take = (index, use) => {
    const side = sides[index];
    const bar = scenario.add(lanes[index], side.kind === 'stated' ? 'holds' : 'takes', use,
      { input: string(side.input) });
    bars[index].set(use.lock, bar);
  };
  const done = sides.map(() => 0);
  if (finding.schedule) {
    for (const segment of finding.schedule.segments) {
      const index = sides.findIndex((side) => side.thread === segment.thread);
      if (index < 0) {
        const lane = laneOf(scenario, segment.thread);
        if (lane !== undefined) addRun(scenario, lane, segment, finding);
        continue;
      }
      let last = 0;
      while (done[index] < held[index].length && held[index][done[index]].line <= segment.line) {
        last = held[index][done[index]].line;
        take(index, held[index][done[index]]);
        done[index] += 1;
      }
      if (last !== segment.line) addRun(scenario, lanes[index], segment, finding);
    }
  }
  held.forEach((uses, index) => {
    for (const use of uses.slice(done[index])) take(index, use);
  });
  // Who asks last closes the circle.
  const waits = [];
  const order = finding.schedule
    ? [...finding.schedule.waits.keys()].map((number) => sides.findIndex(
      (side) => side.thread === finding.schedule.waits[number].thread)).filter((index) => index >= 0)
    : [];
  for (const index of new Set([...order, ...sides.keys()])) {
    const side = sides[index];
    const wanted = page.uses[side.wanted];
    waits[index] = scenario.add(lanes[index], 'asks for', wanted,
      { input: string(side.input), isWait: true, options: side.options });
  }
  // What a declaration forbids is an order, and nobody waits for anybody.
  if (finding.rule === 'declared-order') return scenario;
  if (finding.supposed) addSupposed(scenario, sides[0], bars[0], waits[0]);
  else sides.forEach((_, index) => {
    const next = (index + 1) % sides.length;
    if (next === 0 && finding.sides.length > sides.length) return;
    const target = bars[next].get(page.uses[sides[next].held].lock);
    scenario.arrows.push({ from: waits[index], to: target });
  });
  if (finding.ending !== undefined) scenario.ending = string(finding.ending);
  return scenario;
}

function addRun(scenario, lane, segment, finding) {
  scenario.rows.push({
    lane, verb: 'runs on', text: 'runs on', place: segment.place, line: segment.line,
    input: string(finding.schedule.input),
  });
}

/** The other thread that it takes where one nesting of two locks of a class was seen. */
function addSupposed(scenario, side, bars, wait) {
  const lane = scenario.lane('another thread', 'not seen in this run');
  const [first, second] = [page.uses[side.wanted], page.uses[side.held]];
  const plain = (use) => ({ ...use, place: undefined, stack: undefined });
  const hold = scenario.add(lane, 'takes', plain(first), { isSupposed: true });
  const ask = scenario.add(lane, 'asks for', plain(second), { isSupposed: true, isWait: true });
  scenario.arrows.push({ from: wait, to: hold }, { from: ask, to: bars.get(second.lock) });
}

const HOLDING = new Set(['held', 'nested', 'enabled', 'used-in']);
const WAITING = new Set(['request', 'join', 'wait', 'sleep']);
const ENDING = new Set(['release', 'destroy']);

/** What happened, event by event. */
function scenarioOfEvents(finding) {
  const scenario = new Scenario();
  const events = finding.events.map((event, index) => ({ event, index }));
  const inputs = new Set(finding.events.map((event) => event.input));
  if (inputs.size === 1) {
    const lineOf = ({ event }) => (event.use !== undefined && HOLDING.has(event.role)
      ? page.uses[event.use].line : event.line);
    events.sort((one, other) => lineOf(one) - lineOf(other) || other.index - one.index);
  }
  const lanes = new Map();
  const open = new Map();
  for (const { event, index } of events) {
    const key = `${event.thread}\n${event.input}`;
    if (!lanes.has(key)) {
      if (lanes.size >= LANE_LIMIT) continue;
      lanes.set(key, scenario.lane(
        string(event.thread), inputs.size > 1 ? string(event.input) : ''));
    }
    const lane = lanes.get(key);
    const use = event.use === undefined ? undefined : page.uses[event.use];
    const isWait = WAITING.has(event.role);
    const hasBar = use && (HOLDING.has(event.role) || event.role === 'acquire' || isWait);
    const bar = scenario.add(lane, '', use, {
      text: withoutThread(string(event.text), string(event.thread)),
      place: event.place ?? use?.place, stack: event.stack ?? use?.stack,
      input: string(event.input), line: event.line, isWait, isKey: index === 0,
      hasNoBar: !hasBar || open.has(`${lane}\n${use.lock}`),
    });
    if (bar) open.set(`${lane}\n${use.lock}`, bar);
    const ended = use && ENDING.has(event.role) && open.get(`${lane}\n${use.lock}`);
    if (ended) ended.to = scenario.rows.length - 1;
  }
  return scenario;
}

/** `T1 takes A` in the lane of T1. */
function withoutThread(text, thread) {
  return text.startsWith(`${thread} `) ? text.slice(thread.length + 1) : text;
}
