// The page as a whole: its parts, its keys, its links, and how it is printed.

const TABS = [
  { id: 'findings', title: 'Findings', count: findings.length },
  { id: 'graph', title: 'Graph' },
  { id: 'classes', title: 'Classes', count: page.classes.length, setUp: setUpClasses },
  ...(page.statistics ? [{ id: 'statistics', title: 'Statistics', setUp: setUpStatistics }] : []),
  { id: 'run', title: 'Run', setUp: setUpRun },
];
let openedTab = null;

/** Puts where we are into the address, so that it can be passed on. */
function remember(fragment) {
  try {
    history.replaceState(null, '', `#${fragment}`);
  } catch {
    // Some browsers allow it so many times a minute only.
  }
}

function openTab(id) {
  const tab = TABS.find((one) => one.id === id);
  if (tab.setUp) {
    tab.setUp();
    tab.setUp = null;
  }
  for (const one of TABS) {
    const isOpen = one === tab;
    const button = byId(`tab-${one.id}`);
    byId(one.id).hidden = !isOpen;
    button.setAttribute('aria-selected', isOpen);
    button.tabIndex = isOpen ? 0 : -1;
  }
  openedTab = id;
  if (id === 'findings') drawRows();
}

function setUpTabs() {
  byId('tabs').append(...TABS.map(({ id, title, count }) => element('button', {
    type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': id,
    onclick: () => {
      openTab(id);
      remember(id === 'findings' && currentFinding ? currentFinding.id : id);
    },
  }, title, count === undefined ? null
    : element('span', { class: 'number' }, grouped.format(count)))));
  byId('tabs').addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const index = TABS.findIndex(({ id }) => id === openedTab);
    const next = TABS[(index + step + TABS.length) % TABS.length].id;
    openTab(next);
    byId(`tab-${next}`).focus();
    event.preventDefault();
  });
}

function setUpHeadline() {
  const { summary } = page;
  const counts = Object.keys(SEVERITIES).map(
    (name) => [name, findings.filter((finding) => finding.severity === name).length])
    .filter(([, count]) => count > 0);
  const excused = findings.filter(isExcused).length;
  const title = findings.length === 0
    ? (page.verdict?.coverage === 'insufficient' ? 'Too little was checked' : 'No violation found')
    : counts.map(([name, count]) => counted(count, name)).join(', ');
  const parts = [];
  if (excused) parts.push(`${grouped.format(excused)} known or ignored`);
  const waiting = page.waiting?.reduce((sum, group) => sum + group.waits.length, 0);
  if (waiting) parts.push(`${counted(waiting, 'thread still waits', 'threads still wait')} at the end`);
  parts.push(counted(summary.events, 'event'), counted(summary.threads, 'thread'),
    `${counted(summary.locks, 'lock')} in ${counted(summary.classes, 'class', 'classes')}`);
  const input = page.inputs.length === 1
    ? shown(page.inputs[0].name, 80) : counted(page.inputs.length, 'input');
  byId('headline').textContent = title;
  byId('subline').replaceChildren(element('bdi', {}, input), ` · ${parts.join(' · ')}`);
}

function setUpRun() {
  const { summary, verdict } = page;
  const left = [
    summary.omittedFindings > 0
      ? `${counted(summary.omittedFindings, 'more cycle')} of one or two classes not listed` : null,
    summary.uncoveredDependencies > 0
      ? `${counted(summary.uncoveredDependencies, 'dependency', 'dependencies')} may lie on cycles that are not listed`
      : null,
    page.sourcesAreCut ? 'lines of some source files are left out, as there are too many' : null,
  ].filter(Boolean);
  const remarks = verdict?.remarks ?? [];
  byId('run').append(
    element('h2', {}, 'What was read'),
    element('ul', { class: 'inputs' }, page.inputs.slice(0, 500).map((input) => element('li', {},
      nameElement(input.name, 200),
      element('span', { class: 'quiet' }, ` ${input.format}, ${counted(input.events, 'event')}${
        input.facts ? `, ${counted(input.facts, 'fact')}` : ''}`),
      input.skipped ? element('p', { class: 'notice' }, `${counted(input.skipped, 'bad line')} skipped. ${
        shown(input.firstSkipped ?? '', 600)}`) : null,
      (input.warnings ?? []).map((text) => element('p', { class: 'notice' }, shown(text, 600)))))),
    page.inputs.length > 500
      ? element('p', { class: 'quiet' }, `${counted(page.inputs.length - 500, 'more input')}.`) : '',
    ...[...remarks.map((remark) => remark.text), ...left].map(
      (text) => element('p', { class: 'notice' }, shown(text, 1000))),
    ...waitingElements(),
    element('h2', {}, 'Keys'),
    element('dl', { class: 'key-list' }, [
      ['j, k', 'the next and the previous finding'], ['Enter', 'read the finding'],
      ['Esc', 'back to the list'], ['/', 'search'],
      ['+, −, 0, arrows', 'zoom and move in the graph'],
    ].flatMap(([key, words]) => [element('dt', {}, element('kbd', {}, key)),
      element('dd', {}, words)])),
    element('p', { class: 'quiet' },
      `Written by ${page.tool.name} ${page.tool.version}. The data in this page are ${page.schema}.`));
}

function waitingElements() {
  if (!page.waiting) return [];
  return [element('h2', {}, 'What still waits where the inputs end'),
    ...page.waiting.map((group) => element('section', { class: 'order' },
      element('h3', {}, shown(string(group.text), 400)),
      element('ul', {}, group.waits.map((wait) => element('li', {},
        element('bdi', {}, shown(string(wait.text), 400)),
        placeElement(wait.place, wait.stack, string(wait.input), wait.line)))),
      group.moreWaits ? element('p', { class: 'quiet' }, `${counted(group.moreWaits, 'more thread')}.`) : null)),
    page.moreWaiting ? element('p', { class: 'quiet' }, `${counted(page.moreWaiting, 'more root')}.`) : ''];
}

/** Goes where the address says. */
function follow() {
  const fragment = decodeURIComponent(location.hash.slice(1));
  const finding = findingsById.get(fragment)
    ?? findings.find((one) => fragment && one.lineFreeFingerprint === fragment);
  if (finding) {
    openTab('findings');
    goTo(finding);
    document.body.classList.add('reading');
  } else if (fragment.startsWith('class=')) {
    const number = page.classes.findIndex((_, index) => className(index) === fragment.slice(6));
    if (number >= 0) showClass(number, false);
    else openTab('classes');
  } else if (TABS.some(({ id }) => id === fragment)) openTab(fragment);
  else openTab('findings');
}

function pageKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const isTyping = event.target.matches('input:not([type=checkbox], [type=range]), select, textarea');
  if (event.key === 'Escape') {
    if (openedTab === 'findings') closeDetail();
    return;
  }
  if (isTyping) return;
  if (event.key === '/') {
    openTab('findings');
    document.body.classList.remove('reading');
    byId('search').focus();
    byId('search').select();
  } else if (openedTab === 'findings' && (event.key === 'j' || event.key === 'k')) {
    const step = event.key === 'j' ? 1 : -1;
    let next = list.current + step;
    if (list.current < 0) next = 0;
    // Heads of groups that are open are gone by.
    while (list.rows[next] && !list.rows[next].finding && list.rows[next].group.isOpen) next += step;
    choose(next, false);
  } else if (openedTab === 'findings' && event.key === 'Enter'
    && event.target === document.body && currentFinding) openDetail();
  else return;
  event.preventDefault();
}

const PRINTED = 50;

/** On paper nothing can be opened: the list, and the first findings one behind the other. */
function preparePrint() {
  const found = matching();
  const picture = graph.svg?.cloneNode(true);
  if (picture) {
    picture.setAttribute('viewBox', graph.home.join(' '));
    for (const one of picture.querySelectorAll('[id], [tabindex]')) {
      one.removeAttribute('id');
      one.removeAttribute('tabindex');
      one.removeAttribute('role');
    }
  }
  byId('print').replaceChildren(
    element('h1', {}, byId('headline').textContent),
    element('p', {}, byId('subline').textContent),
    picture ? element('figure', {}, picture) : '',
    ...found.slice(0, PRINTED).map(
      (finding) => element('article', {}, findingElements(finding, true))),
    found.length > PRINTED ? element('ol', { start: PRINTED + 1 },
      found.slice(PRINTED, 1000).map((finding) => element('li', {},
        `${finding.severity}: ${shown(string(finding.title), 300)} (${finding.fingerprint})`))) : '');
  byId('print').hidden = false;
}

function afterPrint() {
  byId('print').hidden = true;
  byId('print').replaceChildren();
}

setUpHeadline();
setUpTabs();
setUpList();
setUpGraph();
openTab('findings');
layRows();
if (findings.length === 0) {
  if (location.hash) follow();
  byId('detail').append(element('p', { class: 'empty' },
    page.waiting ? 'No violation, but threads still wait where the inputs end: see Run.'
      : 'No violation was found in what was read. The graph and the classes show its orders.'));
} else if (location.hash) {
  follow();
} else {
  choose(list.rows.findIndex((row) => row.finding), false);
}
if (!currentFinding && findings.length > 0 && openedTab === 'findings') {
  byId('detail').append(element('p', { class: 'empty' }, 'Choose a finding.'));
}
window.addEventListener('hashchange', follow);
document.addEventListener('keydown', pageKey);
window.addEventListener('beforeprint', preparePrint);
window.addEventListener('afterprint', afterPrint);
document.body.classList.add('ready');
