// Drawing a scenario, and going through it step by step.

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SLOT = 20;

function lockChip(lock) {
  return element('span', { class: `chip-lock lock-${lock % 6}`, 'aria-hidden': 'true' },
    LETTERS[lock % LETTERS.length]);
}

function rowText(scenario, row) {
  if (row.text) {
    return [row.use ? lockChip(scenario.lock(row.use)) : null,
      element('bdi', {}, shown(row.text, 200))];
  }
  const options = row.options?.filter((word) => word !== 'exclusive') ?? [];
  return [`${row.verb} `, lockChip(scenario.lock(row.use)),
    element('bdi', { class: 'name' }, breakable(lockText(row.use))), modeText(row.use),
    options.length ? ` (${options.join(', ')})` : ''];
}

function rowSentence(scenario, row) {
  const { name } = scenario.lanes[row.lane];
  const what = row.text ?? `${row.verb} ${lockText(row.use)}${modeText(row.use)}`;
  const where = row.place === undefined ? '' : ` at ${shown(placeText(row.place), 100)}`;
  return `${shown(name, 40)} ${shown(what, 200)}${where}`;
}

/** The lanes, the buttons to go through them, and the code of the step. */
function lanesElement(scenario) {
  const { lanes, rows, bars } = scenario;
  const slots = lanes.map(() => []);
  for (const bar of bars) {
    bar.slot = slots[bar.lane].length;
    slots[bar.lane].push(bar);
  }
  const grid = element('div', { class: 'lanes', role: 'group', 'aria-label': 'Threads, time downwards' });
  grid.style.gridTemplateColumns = `repeat(${lanes.length}, minmax(150px, 1fr))`;
  lanes.forEach((lane, column) => {
    const band = element('div', { class: 'band', 'aria-hidden': 'true' });
    band.style.gridColumn = column + 1;
    band.style.gridRow = `1 / ${rows.length + 3}`;
    const head = element('div', { class: 'lane-head' }, nameElement(lane.name, 40),
      lane.note ? element('span', { class: 'quiet' }, shown(lane.note, 60)) : null);
    head.style.gridColumn = column + 1;
    head.style.gridRow = 1;
    grid.append(band, head);
  });
  rows.forEach((row, index) => {
    const cell = element('div', { class: `step${row.isKey ? ' key' : ''}` },
      element('span', { class: 'unseen' }, `${index + 1}. ${shown(lanes[row.lane].name, 40)} `),
      element('p', { class: 'what' }, ...rowText(scenario, row)),
      row.place === undefined
        ? element('p', { class: 'place quiet' }, row.isSupposed ? 'by the same code'
          : `event ${row.line ?? ''}`)
        : element('p', { class: 'place' },
          element('bdi', {}, breakable(shown(placeText(row.place), 70)))));
    cell.style.gridColumn = row.lane + 1;
    cell.style.gridRow = index + 2;
    cell.style.paddingLeft = `${slots[row.lane].length * SLOT + 12}px`;
    row.cell = cell;
    grid.append(cell);
  });
  for (const bar of bars) {
    const made = element('div', {
      class: `hold lock-${bar.lock < 0 ? 'none' : bar.lock % 6}${bar.isWait ? ' wait' : ''}`,
      'aria-hidden': 'true',
    }, element('span', {}, bar.lock < 0 ? '' : LETTERS[bar.lock % LETTERS.length]));
    made.style.gridColumn = bar.lane + 1;
    made.style.gridRow = `${bar.from + 2} / ${(bar.to ?? rows.length) + 3}`;
    made.style.marginLeft = `${8 + bar.slot * SLOT}px`;
    bar.made = made;
    grid.append(made);
  }
  // Room below the last step, in which the arrows of the circle run.
  const room = element('div', { class: 'room', 'aria-hidden': 'true' });
  room.style.gridRow = rows.length + 2;
  room.style.height = `${14 + 12 * Math.min(scenario.arrows.length, 4)}px`;
  grid.append(room);
  const overlay = drawn('svg', { class: 'arrows', 'aria-hidden': 'true' });
  grid.append(overlay);
  const box = element('div', { class: 'lanes-box', tabindex: 0, role: 'region', 'aria-label': 'What each thread does' }, grid);
  const whole = element('div', { class: 'scenario' }, box);
  if (scenario.ending) whole.append(element('p', { class: 'ending' }, shown(scenario.ending, 600)));
  if (rows.length > 1) whole.append(stepper(scenario, overlay, grid));
  scenario.step = rows.length;
  new ResizeObserver(() => drawArrows(scenario, overlay, grid)).observe(grid);
  return whole;
}

function stepper(scenario, overlay, grid) {
  const { rows } = scenario;
  const code = element('div', { class: 'step-code' });
  const told = element('p', { class: 'step-text', 'aria-live': 'polite' });
  const slider = element('input', {
    type: 'range', min: 1, max: rows.length, value: rows.length, 'aria-label': 'Step',
  });
  const button = (label, text, move) => element('button', {
    type: 'button', 'aria-label': label, title: label, onclick: () => show(move()),
  }, text);
  const show = (step) => {
    scenario.step = Math.max(1, Math.min(rows.length, step));
    slider.value = scenario.step;
    const row = rows[scenario.step - 1];
    slider.setAttribute('aria-valuetext', rowSentence(scenario, row));
    told.textContent = `Step ${scenario.step} of ${rows.length}: ${rowSentence(scenario, row)}`;
    rows.forEach((one, index) => {
      one.cell.classList.toggle('later', index >= scenario.step);
      one.cell.classList.toggle('now', index === scenario.step - 1);
    });
    for (const bar of scenario.bars) bar.made.hidden = bar.from >= scenario.step;
    code.replaceChildren(
      ...[row.place === undefined ? null : codeElement(row.place)].filter(Boolean));
    drawArrows(scenario, overlay, grid);
  };
  slider.addEventListener('input', () => show(Number(slider.value)));
  const whole = element('div', { class: 'stepper', role: 'group', 'aria-label': 'Step by step' },
    element('div', { class: 'buttons' },
      button('First step', '«', () => 1),
      button('Step back', '‹', () => scenario.step - 1),
      slider,
      button('Step forward', '›', () => scenario.step + 1),
      button('Last step', '»', () => rows.length)),
    told, code);
  told.textContent = `${rows.length} steps: go back to the first, and forward one by one.`;
  return whole;
}

/** Who waits for what, over the bars as they lie. */
function drawArrows(scenario, overlay, grid) {
  const frame = grid.getBoundingClientRect();
  if (frame.width === 0) return;
  overlay.setAttribute('width', grid.scrollWidth);
  overlay.setAttribute('height', grid.scrollHeight);
  overlay.replaceChildren();
  const step = scenario.step;
  scenario.arrows.forEach(({ from, to }, number) => {
    if (from.from >= step || to.from >= step) return;
    const [wait, hold] = [from.made, to.made].map((bar) => {
      const box = bar.getBoundingClientRect();
      return {
        left: box.left - frame.left, right: box.right - frame.left, top: box.top - frame.top,
        bottom: box.bottom - frame.top,
      };
    });
    // Below the words of the step, where the bars run side by side.
    const y = wait.bottom - 8 - 12 * (number % 4);
    const isRight = hold.left >= wait.left;
    const [x, end] = isRight ? [wait.right, hold.left] : [wait.left, hold.right];
    const target = Math.min(y, hold.bottom - 8);
    const direction = isRight ? 1 : -1;
    overlay.append(
      drawn('path', { d: `M${x} ${y} L${end - direction * 9} ${target}` }),
      drawn('path', {
        class: 'tip',
        d: `M${end} ${target} l${-direction * 10} -5 l0 10 z`,
      }),
      drawn('circle', { cx: x, cy: y, r: 3 }));
  });
}
