// How locks were used: a table that can be sorted, and when threads waited.

const COLUMNS = [
  { title: 'Class', value: (row) => string(row.class), isText: true },
  { title: 'Mode', value: (row) => row.mode, isText: true },
  { title: 'Taken', value: (row) => row.acquisitions, text: grouped.format },
  { title: 'Waits', value: (row) => row.contentions, text: grouped.format },
  { title: 'Waited', value: (row) => row.wait?.total ?? 0, text: duration, hasBar: true, isTime: true },
  { title: 'Longest wait', value: (row) => row.wait?.max ?? 0, text: duration, isTime: true },
  { title: 'Held', value: (row) => row.hold?.total ?? 0, text: duration, hasBar: true, isTime: true },
  { title: 'Longest hold', value: (row) => row.hold?.max ?? 0, text: duration, isTime: true },
];
const TABLE_LIMIT = 200;

function setUpStatistics() {
  const { statistics } = page;
  const columns = COLUMNS.filter((column) => statistics.hasTimes || !column.isTime);
  const body = element('tbody');
  const heads = columns.map((column) => element('th', { scope: 'col' },
    element('button', { type: 'button', onclick: () => sort(column) }, column.title)));
  const greatest = new Map(columns.filter((column) => column.hasBar).map(
    (column) => [column, Math.max(1, ...statistics.rows.map(column.value))]));
  let current = { column: columns[3], isUp: false };
  let limit = TABLE_LIMIT;
  const more = element('button', { type: 'button', onclick: () => {
    limit += 1000;
    fill();
  } });
  const fill = () => {
    const { column, isUp } = current;
    const direction = isUp ? 1 : -1;
    const rows = [...statistics.rows].sort((one, other) => {
      const [a, b] = [column.value(one), column.value(other)];
      return direction * (a < b ? -1 : a > b ? 1 : 0);
    });
    columns.forEach((one, index) => {
      const order = isUp ? 'ascending' : 'descending';
      heads[index].setAttribute('aria-sort', one === column ? order : 'none');
    });
    body.replaceChildren(...rows.slice(0, limit).map((row) => tableRow(row, columns, greatest)));
    more.hidden = rows.length <= limit;
    more.textContent = `${grouped.format(rows.length - limit)} more`;
  };
  const sort = (column) => {
    current = { column, isUp: current.column === column ? !current.isUp : Boolean(column.isText) };
    fill();
  };
  fill();
  byId('statistics').append(
    element('h2', {}, 'How locks were used'),
    statistics.hasTimes ? ''
      : element('p', { class: 'quiet' }, 'No event of the inputs has a time, so there are counts only.'),
    statistics.timeline ? timelineElement(statistics.timeline) : '',
    element('div', { class: 'table-box', tabindex: 0, role: 'region', 'aria-label': 'Use of locks' },
      element('table', {}, element('caption', { class: 'unseen' }, 'Use of locks by class and mode'),
        element('thead', {}, element('tr', {}, heads)), body)),
    more);
}

function tableRow(row, columns, greatest) {
  return element('tr', {}, columns.map((column, index) => {
    const value = column.value(row);
    if (index === 0) {
      return element('th', { scope: 'row' }, nameElement(value, 70), pointsElement(row));
    }
    const cell = element('td', { class: column.isText ? null : 'count' },
      column.text ? (value === 0 ? '–' : column.text(value)) : value);
    if (column.hasBar && value > 0) {
      const bar = element('span', { class: 'share', 'aria-hidden': 'true' });
      bar.style.width = `${Math.max(1, 100 * value / greatest.get(column))}%`;
      cell.append(bar);
    }
    return cell;
  }));
}

function pointsElement(row) {
  if (!row.waitedAt && !row.heldFrom) return null;
  const lines = (title, points) => (points ? [element('p', {}, title),
    element('ul', {}, points.map(([place, count]) => element('li', {},
      element('bdi', {}, shown(string(place), 100)), ` ${grouped.format(count)}×`)))] : []);
  return disclosure('places', () => [...lines('waited at', row.waitedAt),
    ...lines('while it was held from', row.heldFrom)]);
}

/** When threads waited, a strip a class. */
function timelineElement({ binNanoseconds, rows, moreRows }) {
  const bins = Math.max(...rows.map((row) => row.waits.length));
  const [height, room] = [30, 26];
  const greatest = Math.max(1, ...rows.map((row) => Math.max(...row.waits)));
  const strips = rows.map((row) => {
    const total = row.waits.reduce((sum, time) => sum + time, 0);
    const peak = row.waits.indexOf(Math.max(...row.waits));
    const svg = drawn('svg', {
      viewBox: `0 0 ${bins} ${height}`, preserveAspectRatio: 'none', role: 'img',
      'aria-label': `${shown(string(row.class), 80)}: waited ${duration(total)} together, most at ${
        duration(peak * binNanoseconds)}`,
    });
    row.waits.forEach((time, bin) => {
      if (time === 0) return;
      const size = Math.max(1.5, room * Math.sqrt(time / greatest));
      svg.append(drawn('rect', { x: bin, y: height - size, width: 1, height: size },
        drawn('title', {}, `${duration(bin * binNanoseconds)} to ${
          duration((bin + 1) * binNanoseconds)}: waited ${duration(time)}`)));
    });
    return element('div', { class: 'strip' },
      element('span', { class: 'strip-name' }, nameElement(string(row.class), 40)), svg,
      element('span', { class: 'number' }, duration(total)));
  });
  return element('section', { class: 'timeline' },
    element('h3', {}, 'When threads waited'),
    element('p', { class: 'quiet' }, `From the beginning of the run on; the height is the time that all threads waited together, in steps of ${
      duration(binNanoseconds)}.`),
    strips,
    element('div', { class: 'strip axis', 'aria-hidden': 'true' }, element('span'),
      element('div', {}, element('span', {}, '0'),
        element('span', {}, duration(bins * binNanoseconds / 2)),
        element('span', {}, duration(bins * binNanoseconds))), element('span')),
    moreRows ? element('p', { class: 'quiet' }, `${counted(moreRows, 'more class', 'more classes')}.`) : null);
}
