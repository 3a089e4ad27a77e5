// One finding, told to somebody tired: what could happen, where each order is from, why it counts,
// what helps.

let currentFinding = null;

function showFinding(finding) {
  if (finding === currentFinding) return;
  currentFinding = finding;
  byId('detail').replaceChildren(...findingElements(finding));
  byId('detail').scrollTop = 0;
  byId('detail').setAttribute('aria-label', `Finding ${finding.number}`);
  remember(finding.id);
}

/** On a narrow page the finding is in the place of the list. */
function openDetail() {
  document.body.classList.add('reading');
  byId('detail').focus();
}

function closeDetail() {
  document.body.classList.remove('reading');
  byId('list').focus();
}

function findingElements(finding, isPrinted = false) {
  const scenario = scenarioOf(finding);
  const files = new Set();
  const note = (place) => {
    const file = place === undefined ? undefined : page.places[place].file;
    if (file !== undefined) files.add(file);
  };
  for (const row of scenario.rows) note(row.place);
  const parts = [heading(finding, isPrinted)];
  if (scenario.rows.length > 0) {
    parts.push(element('section', {}, element('h3', {}, scenarioHeading(finding)),
      lanesElement(scenario), omitted(finding), finding.schedule?.byLocksAlone
        ? element('p', { class: 'quiet small-print' },
          'The input tells of no accesses to data, which may keep the threads from coming there.')
        : null));
  }
  if (finding.edges) parts.push(edgesElement(finding, note));
  parts.push(...placesElement(finding, scenario));
  const missing = missingFiles(files);
  if (missing) parts.push(missing);
  if (finding.why) {
    parts.push(element('section', {}, element('h3', {}, 'Why it counts'),
      finding.why.map((text) => element('p', {}, shown(string(text), 2000)))));
  }
  if (finding.advice) {
    parts.push(element('section', {}, element('h3', {}, 'What helps'),
      element('ul', {}, finding.advice.map(
        (text) => element('li', {}, shown(string(text), 2000))))));
  }
  const rule = page.rules[finding.rule];
  if (!finding.advice && rule?.advice) {
    parts.push(element('section', {}, element('h3', {}, 'What helps'),
      element('p', {}, rule.advice)));
  }
  if (rule && !isPrinted) {
    parts.push(disclosure(`About the rule ${finding.rule}`, () => rule.meaning.map(
      (text) => element('p', {}, text))));
  }
  return parts;
}

function scenarioHeading(finding) {
  if (finding.rule === 'deadlock' || !(finding.edges || finding.confidence)) return 'What happened';
  if (finding.rule.startsWith('context') || finding.rule === 'declared-order') return 'What was seen';
  if (finding.confidence === 'excluded') return 'What would happen if nothing kept it from happening';
  if (finding.confidence === 'ordering' && !finding.supposed) return 'What would have to meet';
  return finding.schedule ? 'What could happen, and how this run’s events get there'
    : 'What could happen';
}

function heading(finding, isPrinted) {
  const classes = finding.classes.map((number) => element('button', {
    type: 'button', class: 'link', onclick: () => showClass(number, true),
  }, nameElement(className(number), 60)));
  const tags = element('p', { class: 'tags' },
    severityElement(finding.severity), gradeElement(finding),
    element('span', { class: 'tag' }, finding.rule),
    hasStandings || finding.standing === 'below'
      ? element('span', { class: 'tag' }, STANDINGS[finding.standing]) : null,
    finding.recoverable ? element('span', { class: 'tag' }, 'a waiter could give up') : null);
  const head = element('header', {},
    isPrinted ? null : element('button', {
      type: 'button', class: 'back', onclick: closeDetail,
    }, '← All findings'),
    element('h2', {}, element('span', { class: 'number' }, `#${finding.number} `),
      element('bdi', {}, shown(string(finding.title), 400))),
    tags);
  if (finding.confidence) head.append(element('p', { class: 'lead' }, GRADES[finding.confidence]));
  if (finding.exception !== undefined) {
    head.append(element('p', { class: 'notice' }, shown(string(finding.exception), 1000)));
  }
  if (finding.declaration !== undefined) {
    head.append(element('p', {}, 'Declared: ', shown(string(finding.declaration), 600)));
  }
  if (finding.fold !== undefined) {
    head.append(element('p', { class: 'quiet' }, `It ${shown(string(finding.fold), 1200)}.`));
  }
  if (!isPrinted) {
    head.append(
      element('p', { class: 'classes' }, 'Classes: ', ...classes.flatMap(
        (made, index) => (index ? [', ', made] : [made])).slice(0, 40),
      finding.classes.length > 20 ? ' …' : ''),
      element('div', { class: 'actions' },
        element('button', { type: 'button', class: 'main', onclick: () => light(finding) }, 'Show in graph'),
        copyButton('Copy fingerprint', 'the fingerprint', () => finding.fingerprint),
        copyButton('Copy link', 'a link to this finding',
          () => `${location.href.split('#')[0]}#${finding.id}`),
        copyButton('Copy baseline entry', 'an entry for a baseline',
          () => baselineEntry(finding)),
        copyButton('Copy policy entry', 'an entry for a policy', () => policyEntry(finding))));
  } else {
    head.append(element('p', { class: 'quiet' }, `fingerprint ${finding.fingerprint}`));
  }
  return head;
}

/** As a baseline has it, indented as in its list. */
function baselineEntry(finding) {
  const entry = { fingerprint: finding.fingerprint };
  if (finding.lineFreeFingerprint) entry.lineFreeFingerprint = finding.lineFreeFingerprint;
  Object.assign(entry, {
    rule: finding.rule, title: string(finding.title), classes: finding.classes.map(className),
    reason: 'say why',
  });
  return JSON.stringify(entry, null, 2).replace(/^/gm, '    ');
}

/** An entry of `ignore`; JSON's strings are YAML's too, and what would be a wildcard is none. */
function policyEntry(finding) {
  const classes = finding.classes.map(
    (number) => JSON.stringify(className(number).replace(/[\\*?]/g, '\\$&')));
  return `  - rule: ${finding.rule}\n    classes: [${classes.join(', ')}]\n    reason: "say why"\n`;
}

function omitted(finding) {
  const parts = [];
  const sides = finding.waiters ?? finding.sides ?? [];
  const more = sides.length - LANE_LIMIT + (finding.moreEdges ?? 0);
  if (more > 0) parts.push(`${counted(more, 'more thread takes', 'more threads take')} part.`);
  if (finding.schedule?.moreSegments) {
    parts.push(`${counted(finding.schedule.moreSegments, 'earlier step is', 'earlier steps are')} left out.`);
  }
  if (finding.moreEvents) parts.push(`${counted(finding.moreEvents, 'more event')}.`);
  return parts.length ? element('p', { class: 'quiet' }, parts.join(' ')) : null;
}

function edgesElement(finding, note) {
  return element('section', {}, element('h3', {}, 'Where each order comes from'),
    finding.edges.slice(0, 40).map((edge) => orderElement(edge, note)),
    finding.edges.length > 40
      ? element('p', { class: 'quiet' }, `${counted(finding.edges.length - 40, 'more order')}.`) : null);
}

/** An order of two classes, and who took them in it. */
function orderElement(order, note = () => {}) {
  const [first, ...others] = order.witnesses ?? [];
  const count = order.count > 0 ? `seen ${counted(order.count, 'time')}` : 'stated by an input';
  return element('section', { class: 'order' },
    element('h3', {}, nameElement(className(order.from), 80),
      element('span', { class: 'to', 'aria-label': 'before' }, ' → '),
      nameElement(className(order.to), 80)),
    element('p', { class: 'quiet' }, `${count}; ${
      order.kindsAssumed ? 'how is not told, and the worst assumed' : kindWords(order.kinds)}`),
    first === undefined ? null : witnessElement(page.witnesses[first], note),
    others.length === 0 ? null : disclosure(
      `${counted(others.length, 'more place')}${order.moreWitnesses ? ', of more that were seen' : ''}`,
      () => others.map((number) => witnessElement(page.witnesses[number]))));
}

function witnessElement(witness, note = () => {}) {
  const [held, wanted] = [page.uses[witness.held], page.uses[witness.wanted]];
  const input = string(witness.input);
  for (const use of [held, wanted]) note(use.place);
  const also = (witness.alsoHeld ?? []).map((number) => page.uses[number]);
  const options = witness.options?.length ? ` (${witness.options.join(', ')})` : '';
  return element('div', { class: 'witness' },
    element('div', {},
      element('p', {}, nameElement(string(witness.thread), 60),
        witness.kind === 'stated' ? ' is said to hold ' : ' took ',
        element('b', {}, lockText(held)), modeText(held)),
      placeElement(held.place, held.stack, input, held.line)),
    element('div', {},
      element('p', {}, 'and asked for ', element('b', {}, lockText(wanted)),
        modeText(wanted), options),
      placeElement(wanted.place, wanted.stack, input, wanted.line)),
    also.length === 0 ? null : element('p', { class: 'quiet also' },
      `while it also held ${also.map((use) => lockText(use) + modeText(use)).join(', ')}${
        witness.moreHeld ? ` and ${witness.moreHeld} more` : ''}`));
}

/** The places of waits and events, with code and stacks. */
function placesElement(finding, scenario) {
  const isTold = finding.edges && !finding.rule.startsWith('context')
    && (finding.sides || finding.rule === 'deadlock');
  if (isTold || scenario.rows.length === 0) return [];
  return [element('section', {}, element('h3', {}, 'Where'),
    element('ol', { class: 'places' }, scenario.rows.map((row) => element('li', {},
      element('p', {}, nameElement(scenario.lanes[row.lane].name, 60), ' ',
        ...rowText(scenario, row)),
      placeElement(row.place, row.stack, row.input ?? '', row.line ?? '')))))];
}
