// The picture: moving about in it, and what its classes and orders are.

const graph = { svg: null, home: null, view: null, classes: new Map(), orders: new Map() };

function orderId(from, to) {
  const [one, other] = [page.classes[from].element, page.classes[to].element];
  return one && other ? `dep-${one.slice(6)}--${other.slice(6)}` : null;
}

function setUpGraph() {
  const svg = byId('viewport').querySelector('svg');
  if (!svg) {
    byId('viewport').append(element('p', {}, 'This command draws no pictures.'));
    return;
  }
  graph.svg = svg;
  svg.setAttribute('role', 'group');
  svg.removeAttribute('width');
  svg.removeAttribute('height');
  svg.setAttribute('preserveAspectRatio', 'xMidYMid meet');
  graph.home = svg.getAttribute('viewBox').split(' ').map(Number);
  graph.view = [...graph.home];
  page.classes.forEach(({ element: id }, number) => { if (id) graph.classes.set(id, number); });
  const known = (order, source) => {
    const id = orderId(order.from, order.to);
    if (id && (source || !graph.orders.has(id))) graph.orders.set(id, order);
  };
  for (const order of page.dependencies) known(order, true);
  for (const finding of findings) {
    for (const edge of finding.edges ?? []) known(edge, false);
  }
  for (const group of svg.querySelectorAll('g[id]')) {
    if (graph.classes.has(group.id)) {
      const number = graph.classes.get(group.id);
      active(group, `Class ${shown(className(number), 80)}`, () => pickClass(number));
      group.addEventListener('pointerenter', () => near(number));
    } else if (graph.orders.has(group.id)) {
      const order = graph.orders.get(group.id);
      active(group,
        `Order ${shown(className(order.from), 60)} before ${shown(className(order.to), 60)}`,
        () => pickOrder(order));
      group.addEventListener('pointerenter', () => nearOrder(group.id));
      widen(group);
    }
    group.addEventListener('pointerleave', far);
  }
  for (const label of svg.querySelectorAll('[data-dependency]')) {
    const order = graph.orders.get(label.dataset.dependency);
    if (order) label.addEventListener('click', () => { if (!graph.moved) pickOrder(order); });
  }
  setUpMoving();
}

function active(group, label, act) {
  group.setAttribute('tabindex', 0);
  group.setAttribute('role', 'button');
  // The picture's own title is all the evidence, which the detail has.
  group.removeAttribute('aria-labelledby');
  group.setAttribute('aria-label', label);
  group.addEventListener('click', () => { if (!graph.moved) act(); });
  group.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    act();
    event.preventDefault();
    event.stopPropagation();
  });
}

/** A thin line is hard to point at: one that is not seen lies under it. */
function widen(group) {
  const path = group.querySelector('path');
  if (!path) return;
  const under = drawn('path', { d: path.getAttribute('d'), class: 'grip', fill: 'none' });
  path.before(under);
}

function mark(name, isMarked) {
  for (const group of graph.svg.querySelectorAll('g[id], [data-dependency]')) {
    group.classList.toggle(name, isMarked(group.id || group.dataset.dependency));
  }
}

function near(number) {
  const id = page.classes[number].element;
  const ids = new Set([id]);
  for (const [order, { from, to }] of graph.orders) {
    if (from !== number && to !== number) continue;
    ids.add(order).add(page.classes[from].element).add(page.classes[to].element);
  }
  mark('aside', (other) => !ids.has(other));
}

function nearOrder(id) {
  const { from, to } = graph.orders.get(id);
  const ids = new Set([id, page.classes[from].element, page.classes[to].element]);
  mark('aside', (other) => !ids.has(other));
}

function far() {
  mark('aside', () => false);
}

/** Lights a finding in the picture, and goes there. */
function light(finding) {
  openTab('graph');
  if (!graph.svg) return;
  const ids = new Set(finding.classes.map((number) => page.classes[number].element));
  const drawnEdges = (finding.edges ?? []).map((edge) => orderId(edge.from, edge.to))
    .filter((id) => id && byId(id));
  for (const id of drawnEdges) ids.add(id);
  // What a thread did, or an interrupt may do.
  for (const { id } of graph.svg.querySelectorAll(`g[id].finding-${finding.number}`)) ids.add(id);
  ids.delete(undefined);
  mark('unlit', (other) => !ids.has(other));
  mark('lit', (other) => ids.has(other));
  const missing = (finding.edges ?? []).length - drawnEdges.length;
  byId('lit').replaceChildren(`Finding #${finding.number}: `,
    element('bdi', {}, shown(string(finding.title), 120)),
    ids.size === 0 ? '. It is not in the picture, which has the worst ones.'
      : missing > 0 ? `. ${counted(missing, 'order')} of it not drawn.` : '', ' ',
    element('button', { type: 'button', class: 'link', onclick: () => {
      openTab('findings');
      goTo(finding);
      openDetail();
    } }, 'Read it'));
  byId('unlight').hidden = false;
  goToElements([...ids].map(byId).filter(Boolean));
}

/** Looks at some elements, with room around them. */
function goToElements(elements) {
  if (elements.length === 0) return;
  look([...graph.home]);
  const inverse = graph.svg.getScreenCTM().inverse();
  const corners = elements.map((one) => one.getBoundingClientRect()).flatMap((box) => [
    new DOMPoint(box.left, box.top).matrixTransform(inverse),
    new DOMPoint(box.right, box.bottom).matrixTransform(inverse),
  ]);
  const [xs, ys] = [corners.map((corner) => corner.x), corners.map((corner) => corner.y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const room = 0.35 * Math.max(width, height, 120);
  look([left - room, top - room, width + 2 * room, height + 2 * room]);
}

function unlight() {
  mark('lit', () => false);
  mark('unlit', () => false);
  byId('lit').replaceChildren();
  byId('unlight').hidden = true;
}

function pickClass(number) {
  mark('picked', (id) => id === page.classes[number].element);
  byId('graph-detail').replaceChildren(...classElements(number, pickClass));
}

function pickOrder(order) {
  mark('picked', (id) => id === orderId(order.from, order.to));
  byId('graph-detail').replaceChildren(
    element('h2', {}, 'One order'), orderElement(order), ...findingsOfOrder(order));
}

function findingsOfOrder(order) {
  const found = findings.filter((finding) => finding.edges?.some(
    (edge) => edge.from === order.from && edge.to === order.to));
  return found.length === 0 ? [] : [element('h3', {}, 'Findings with it'), findingLinks(found)];
}

function findingLinks(found) {
  return element('ul', { class: 'links' }, found.slice(0, 30).map((finding) => element('li', {},
    element('button', { type: 'button', class: 'link', onclick: () => {
      openTab('findings');
      goTo(finding);
      openDetail();
    } }, `#${finding.number} `, element('bdi', {}, shown(string(finding.title), 100))))),
  found.length > 30 ? element('li', { class: 'quiet' }, `and ${grouped.format(found.length - 30)} more`) : null);
}

function look(view) {
  graph.view = view;
  graph.svg.setAttribute('viewBox', view.join(' '));
}

/** Zooms by a factor, with one point of the picture staying where it is. */
function zoom(factor, x, y) {
  const [left, top, width, height] = graph.view;
  const [px, py] = [x ?? left + width / 2, y ?? top + height / 2];
  const bounded = Math.min(4 * graph.home[2], Math.max(graph.home[2] / 40, width * factor)) / width;
  look([px - (px - left) * bounded, py - (py - top) * bounded, width * bounded, height * bounded]);
}

function move(x, y) {
  const [left, top, width, height] = graph.view;
  look([left + x * width, top + y * height, width, height]);
}

/** The point of the picture under one of the screen. */
function pointOf(event) {
  const matrix = graph.svg.getScreenCTM().inverse();
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  return [point.x, point.y];
}

function setUpMoving() {
  const box = byId('viewport');
  const held = new Map();
  let before;
  box.addEventListener('pointerdown', (event) => {
    held.set(event.pointerId, event);
    graph.moved = false;
    before = pointOf(event);
  });
  box.addEventListener('pointermove', (event) => {
    const last = held.get(event.pointerId);
    if (!last) return;
    if (held.size === 2) {
      const [one, other] = [...held.values()];
      const distance = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      const still = one.pointerId === event.pointerId ? other : one;
      zoom(distance(last, still) / Math.max(1, distance(event, still)), ...pointOf(still));
      held.set(event.pointerId, event);
      graph.moved = true;
      return;
    }
    if (!graph.moved && Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY) < 4) {
      return;
    }
    graph.moved = true;
    box.setPointerCapture(event.pointerId);
    const [x, y] = pointOf(event);
    look([graph.view[0] + before[0] - x, graph.view[1] + before[1] - y, graph.view[2],
      graph.view[3]]);
  });
  for (const name of ['pointerup', 'pointercancel']) {
    box.addEventListener(name, (event) => held.delete(event.pointerId));
  }
  box.addEventListener('wheel', (event) => {
    zoom(Math.exp(event.deltaY / 400), ...pointOf(event));
    event.preventDefault();
  }, { passive: false });
  box.addEventListener('keydown', (event) => {
    const act = {
      ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0),
      ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
      '+': () => zoom(0.8), '=': () => zoom(0.8), '-': () => zoom(1.25),
      0: () => look([...graph.home]),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    act();
    event.preventDefault();
  });
  byId('zoom-in').addEventListener('click', () => zoom(0.7));
  byId('zoom-out').addEventListener('click', () => zoom(1 / 0.7));
  byId('zoom-fit').addEventListener('click', () => look([...graph.home]));
  byId('unlight').addEventListener('click', unlight);
}
