// The findings that are asked for, and the list of them, in which a row is made when it comes into
// view.

const GROUPINGS = {
  none: { word: 'nothing', key: () => '' },
  rule: { word: 'rule', key: (finding) => finding.rule },
  grade: { word: 'grade', key: (finding) => finding.confidence ?? 'no grade' },
  class: { word: 'class', key: (finding) => className(finding.classes[0] ?? 0) },
  input: { word: 'input', key: (finding) => string(finding.input ?? 0) },
  standing: { word: 'new or known', key: (finding) => STANDINGS[finding.standing] ?? 'new' },
};
const EXCUSED = 'Known and ignored';
const ROW_HEIGHT = 72;
const HEAD_HEIGHT = 38;

const list = {
  grouping: 'none',
  query: '',
  severities: new Set(Object.keys(SEVERITIES)),
  // Keys of groups that are not as they are at first.
  turned: new Set(),
  rows: [],
  tops: [],
  height: 0,
  current: -1,
  matches: 0,
};

/** Everything in a finding that a person might look for. */
function haystack(finding) {
  if (finding.haystack === undefined) {
    const place = primaryPlace(finding);
    finding.haystack = [
      string(finding.title), finding.rule, finding.confidence, finding.severity, finding.id,
      ...finding.classes.map(className), `#${finding.number}`,
      place === undefined ? '' : placeText(place),
      finding.input === undefined ? '' : string(finding.input),
    ].join('\n').toLowerCase();
  }
  return finding.haystack;
}

function matching() {
  const words = list.query.toLowerCase().split(/\s+/).filter(Boolean);
  return findings.filter((finding) => list.severities.has(finding.severity)
    && words.every((word) => haystack(finding).includes(word)));
}

/** The rows of the list: heads of groups, and findings. */
function layRows(selected = list.rows[list.current]) {
  const found = matching();
  list.matches = found.length;
  const groups = new Map();
  for (const finding of found) {
    const isFolded = isExcused(finding) && list.grouping !== 'standing';
    const key = isFolded ? EXCUSED : GROUPINGS[list.grouping].key(finding);
    if (!groups.has(key)) groups.set(key, { key, isFolded: isExcused(finding), members: [] });
    groups.get(key).members.push(finding);
  }
  const sorted = [...groups.values()].sort((one, other) => one.isFolded - other.isFolded);
  list.rows = [];
  for (const group of sorted) {
    const hasHead = group.key !== '';
    group.isOpen = !hasHead || group.isFolded === list.turned.has(group.key);
    if (hasHead) list.rows.push({ group, position: 0 });
    if (!group.isOpen) continue;
    group.members.forEach((finding, index) => {
      list.rows.push({ finding, group, position: index + 1, level: hasHead ? 2 : 1 });
    });
  }
  list.tops = [];
  list.height = 0;
  for (const row of list.rows) {
    list.tops.push(list.height);
    list.height += row.finding ? ROW_HEIGHT : HEAD_HEIGHT;
  }
  byId('rows').style.height = `${list.height}px`;
  byId('rows').replaceChildren();
  list.current = selected
    ? list.rows.findIndex((row) => (selected.finding
      ? row.finding === selected.finding : !row.finding && row.group.key === selected.group.key))
    : -1;
  const of = found.length === findings.length ? '' : ` of ${grouped.format(findings.length)}`;
  byId('count').textContent = findings.length === 0
    ? 'No findings' : `${grouped.format(found.length)}${of} ${findings.length === 1 ? 'finding' : 'findings'}`;
  drawRows();
}

/** The first row that ends below a height. */
function rowAt(height) {
  let [low, high] = [0, list.rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = middle + 1 < list.rows.length ? list.tops[middle + 1] : list.height;
    if (end <= height) low = middle + 1;
    else high = middle;
  }
  return low;
}

function drawRows() {
  const box = byId('list');
  const holder = byId('rows');
  const first = rowAt(Math.max(0, box.scrollTop - 300));
  const bottom = box.scrollTop + box.clientHeight + 300;
  const wanted = new Map();
  for (let index = first; index < list.rows.length && list.tops[index] < bottom; index += 1) {
    wanted.set(`row-${index}`, index);
  }
  // The one that is current is there for who reads the page by its tree.
  if (list.current >= 0) wanted.set(`row-${list.current}`, list.current);
  for (const old of [...holder.children]) {
    if (!wanted.has(old.id)) old.remove();
  }
  for (const [id, index] of wanted) {
    let made = byId(id);
    if (!made) {
      made = list.rows[index].finding ? findingRow(index) : headRow(index);
      made.id = id;
      made.style.top = `${list.tops[index]}px`;
      holder.append(made);
    }
    made.setAttribute('aria-selected', index === list.current);
  }
  if (list.current >= 0) box.setAttribute('aria-activedescendant', `row-${list.current}`);
  else box.removeAttribute('aria-activedescendant');
}

function headRow(index) {
  const { group } = list.rows[index];
  return element('div', {
    role: 'treeitem', class: 'head', 'aria-level': 1, 'aria-expanded': String(group.isOpen),
    onclick: () => { choose(index, false); turn(index); },
  },
  element('span', { class: 'arrow', 'aria-hidden': 'true' }, group.isOpen ? '▾' : '▸'),
  nameElement(group.key, 60),
  element('span', { class: 'number' }, grouped.format(group.members.length)));
}

function findingRow(index) {
  const { finding, group, position, level } = list.rows[index];
  const place = primaryPlace(finding);
  return element('div', {
    role: 'treeitem', class: `row ${finding.severity}`, 'aria-level': level,
    'aria-setsize': group.members.length, 'aria-posinset': position,
    onclick: () => choose(index, true),
  },
  element('div', { class: 'title' },
    element('span', { class: 'sign', 'aria-hidden': 'true' }, SEVERITIES[finding.severity].sign),
    element('span', { class: 'unseen' }, `${SEVERITIES[finding.severity].word}: `),
    element('bdi', {}, shown(string(finding.title), 140))),
  element('div', { class: 'meta' },
    element('span', {}, `#${finding.number}`),
    element('span', {}, finding.confidence ?? finding.rule),
    ['known', 'ignored', 'expired'].includes(finding.standing)
      ? element('span', {}, finding.standing) : null,
    place === undefined ? null
      : element('bdi', { class: 'place' }, shown(placeText(place), 60))));
}

/** Makes a row the current one, and shows its finding. */
function choose(index, isRead) {
  if (index < 0 || index >= list.rows.length) return;
  list.current = index;
  const box = byId('list');
  const row = list.rows[index];
  const [top, height] = [list.tops[index], row.finding ? ROW_HEIGHT : HEAD_HEIGHT];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height > box.scrollTop + box.clientHeight) {
    box.scrollTop = top + height - box.clientHeight;
  }
  drawRows();
  if (!row.finding) return;
  showFinding(row.finding);
  if (isRead) openDetail();
}

/** Opens or closes the group of a row. */
function turn(index) {
  const { key } = list.rows[index].group;
  if (list.turned.has(key)) list.turned.delete(key);
  else list.turned.add(key);
  layRows();
}

/** Shows a finding wherever it is in the list, whatever was asked for before. */
function goTo(finding) {
  let index = list.rows.findIndex((row) => row.finding === finding);
  if (index < 0) {
    list.query = byId('search').value = '';
    list.severities = new Set(Object.keys(SEVERITIES));
    for (const box of byId('severities').querySelectorAll('input')) box.checked = true;
    layRows();
    index = list.rows.findIndex((row) => row.finding === finding);
  }
  if (index < 0) {
    const head = list.rows.findIndex(
      (row) => !row.finding && row.group.members.includes(finding));
    if (head >= 0) turn(head);
    index = list.rows.findIndex((row) => row.finding === finding);
  }
  choose(index, false);
}

function listKey(event) {
  const row = list.rows[list.current];
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
  if (step !== undefined) {
    choose(Math.min(list.rows.length - 1, Math.max(0, list.current + step)), false);
  } else if (event.key === 'Home') choose(0, false);
  else if (event.key === 'End') choose(list.rows.length - 1, false);
  else if (event.key === 'Enter' || event.key === ' ') {
    if (!row) return;
    if (row.finding) {
      showFinding(row.finding);
      openDetail();
    } else turn(list.current);
  } else if (event.key === 'ArrowRight' && row && !row.finding && !row.group.isOpen) {
    turn(list.current);
  } else if (event.key === 'ArrowLeft' && row) {
    if (!row.finding && row.group.isOpen) turn(list.current);
    else if (row.level === 2) {
      choose(list.rows.findIndex((other) => !other.finding && other.group === row.group), false);
    } else return;
  } else return;
  event.preventDefault();
}

function setUpList() {
  const counts = Object.fromEntries(Object.keys(SEVERITIES).map((name) => [name, 0]));
  for (const finding of findings) counts[finding.severity] += 1;
  byId('severities').append(...Object.entries(SEVERITIES)
    .filter(([name]) => counts[name] > 0).map(([name, { word }]) => {
      const box = element('input', { type: 'checkbox', checked: true });
      box.addEventListener('change', () => {
        if (box.checked) list.severities.add(name);
        else list.severities.delete(name);
        layRows();
      });
      return element('label', { class: `chip ${name}` }, box,
        `${word} ${grouped.format(counts[name])}`);
    }));
  byId('grouping').append(...Object.entries(GROUPINGS)
    .filter(([name]) => name !== 'standing' || hasStandings)
    .map(([name, { word }]) => element('option', { value: name }, word)));
  byId('grouping').addEventListener('change', (event) => {
    list.grouping = event.target.value;
    list.turned.clear();
    layRows();
  });
  let waiting;
  byId('search').addEventListener('input', (event) => {
    list.query = event.target.value;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      byId('list').scrollTop = 0;
      layRows();
    }, 80);
  });
  byId('search').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
    layRows();
    byId('list').focus();
    if (list.current < 0) choose(list.rows.findIndex((row) => row.finding), false);
    event.preventDefault();
  });
  byId('list').addEventListener('scroll', drawRows, { passive: true });
  byId('list').addEventListener('keydown', listKey);
  new ResizeObserver(drawRows).observe(byId('list'));
}
