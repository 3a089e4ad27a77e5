// Every class: what is taken before it, and what after.

const ITEM_LIMIT = 100;
let ordersOfClasses = null;

/** The orders into each class and out of it; made once they are asked for. */
function ordersOf(number) {
  if (!ordersOfClasses) {
    ordersOfClasses = page.classes.map(() => ({ before: [], after: [] }));
    for (const order of page.dependencies) {
      ordersOfClasses[order.from].after.push(order);
      ordersOfClasses[order.to].before.push(order);
    }
  }
  return ordersOfClasses[number];
}

function showClass(number, isFollowed) {
  openTab('classes');
  byId('class-view').replaceChildren(...classElements(number, showClass));
  remember(`class=${encodeURIComponent(className(number))}`);
  if (isFollowed) byId('class-view').focus();
}

/** A class between what is taken before it and after it. */
function classElements(number, follow) {
  const lockClass = page.classes[number];
  const { before, after } = ordersOf(number);
  const evidence = element('div', { class: 'evidence', 'aria-live': 'polite' });
  const found = findings.filter((finding) => finding.classes.includes(number));
  const facts = [lockClass.kind,
    lockClass.locks === undefined ? null : counted(lockClass.locks, 'lock'),
    lockClass.acquisitions === undefined ? null : `taken ${counted(lockClass.acquisitions, 'time')}`,
    lockClass.usage ? `in interrupts {${lockClass.usage}}` : null].filter(Boolean);
  return [
    element('h2', {}, nameElement(className(number), 200)),
    element('p', { class: 'quiet' }, facts.join(' · ')),
    element('div', { class: 'columns' },
      column('Taken before it', before, 'from', follow, evidence),
      element('div', { class: 'column middle' }, element('h3', {}, 'The class'),
        element('p', { class: 'card' }, nameElement(className(number), 100)),
        found.length ? element('p', {}, counted(found.length, 'finding')) : null,
        found.length ? findingLinks(found) : element('p', { class: 'quiet' }, 'No findings.')),
      column('Taken after it', after, 'to', follow, evidence)),
    evidence,
  ];
}

function column(title, orders, side, follow, evidence) {
  const sorted = [...orders].sort((one, other) => other.count - one.count);
  const items = element('ul', {});
  const fill = (start) => {
    items.append(...sorted.slice(start, start + ITEM_LIMIT).map((order) => element('li', {},
      element('button', { type: 'button', class: 'link', onclick: () => follow(order[side], true) },
        nameElement(className(order[side]), 60)),
      element('button', {
        type: 'button', class: 'small',
        'aria-label': `Evidence for ${shown(className(order.from), 60)} before ${shown(className(order.to), 60)}`,
        onclick: () => {
          evidence.replaceChildren(orderElement(order), ...findingsOfOrder(order));
          evidence.scrollIntoView({ block: 'nearest' });
        },
      }, order.count > 0 ? `${grouped.format(order.count)}×` : 'stated'))));
    const rest = sorted.length - start - ITEM_LIMIT;
    if (rest <= 0) return;
    const more = element('li', {}, element('button', { type: 'button', onclick: () => {
      more.remove();
      fill(start + ITEM_LIMIT);
    } }, `${grouped.format(rest)} more`));
    items.append(more);
  };
  fill(0);
  return element('div', { class: 'column' },
    element('h3', {}, `${title} `, element('span', { class: 'number' }, grouped.format(orders.length))),
    orders.length ? items : element('p', { class: 'quiet' }, 'None.'));
}

function setUpClasses() {
  const results = element('ul', { class: 'results' });
  const told = element('p', { role: 'status', class: 'quiet' });
  const search = element('input', {
    type: 'search', placeholder: 'Search classes', autocomplete: 'off', spellcheck: 'false',
  });
  const names = page.classes.map((_, number) => className(number).toLowerCase());
  const counts = new Map();
  for (const finding of findings) {
    for (const number of finding.classes) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const list = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [...names.keys()].filter(
      (number) => words.every((word) => names[number].includes(word)));
    const sorted = found.sort(
      (one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0) || one - other);
    told.textContent = sorted.length > ITEM_LIMIT
      ? `The first ${ITEM_LIMIT} of ${counted(sorted.length, 'class', 'classes')}`
      : counted(sorted.length, 'class', 'classes');
    results.replaceChildren(...sorted.slice(0, ITEM_LIMIT).map((number) => element('li', {},
      element('button', { type: 'button', class: 'link', onclick: () => showClass(number, true) },
        nameElement(className(number), 70)),
      counts.has(number)
        ? element('span', { class: 'number' }, counted(counts.get(number), 'finding')) : null)));
  };
  search.addEventListener('input', list);
  list();
  byId('classes').append(element('div', { class: 'split' },
    element('div', { class: 'side' },
      element('div', { class: 'filters' },
        element('label', { class: 'search' }, element('span', { class: 'unseen' }, 'Search classes'), search)),
      told, results),
    element('div', { id: 'class-view', class: 'view', tabindex: -1 },
      element('p', { class: 'quiet' }, 'Choose a class to see what is taken before it and after it.'))));
}
